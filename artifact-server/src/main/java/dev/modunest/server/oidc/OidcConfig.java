package dev.modunest.server.oidc;

import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Default;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * OpenID providers by name, and the bounds on talking to them.
 *
 * @param providers at which people sign in, in the order of the buttons
 * @param connectTimeout longest wait for a connection
 * @param requestTimeout longest request, from its first byte to the last of the answer
 * @param maxAnswer largest answer
 * @param maxConcurrent most requests to all providers at once; more wait for {@code
 *     request_timeout}
 * @param cache how long discovery documents and keys are remembered
 * @param failureCache how long a failure to fetch them is remembered
 * @param keyRefresh shortest time between two fetches of an issuer's keys because of a token that
 *     names an unknown one
 * @param leeway how far the clocks may differ
 */
public record OidcConfig(
        Map<String, ProviderConfig> providers,
        @Default("3s") Duration connectTimeout,
        @Default("10s") Duration requestTimeout,
        @Default("256KiB") ByteSize maxAnswer,
        @Default("32") int maxConcurrent,
        @Default("1h") Duration cache,
        @Default("10s") Duration failureCache,
        @Default("30s") Duration keyRefresh,
        @Default("60s") Duration leeway) {

    private static final int MOST_PROVIDERS = 50;

    public OidcConfig {
        if (providers.size() > MOST_PROVIDERS) {
            throw new IllegalArgumentException(
                    "providers are at most " + MOST_PROVIDERS + ", not " + providers.size());
        }
        requireDistinctIssuers(providers);
        requireBetween("connect_timeout", connectTimeout, "10ms", 10, "1m", 60_000);
        requireBetween("request_timeout", requestTimeout, "10ms", 10, "5m", 300_000);
        if (maxAnswer.bytes() < 1 << 10 || maxAnswer.bytes() > 1 << 22) {
            throw new IllegalArgumentException("max_answer is 1KiB to 4MiB, not " + maxAnswer);
        }
        if (maxConcurrent < 1 || maxConcurrent > 1024) {
            throw new IllegalArgumentException("max_concurrent is 1 to 1024, not " + maxConcurrent);
        }
        requireBetween("cache", cache, "1s", 1_000, "1d", 86_400_000);
        requireBetween("failure_cache", failureCache, "0ms", 0, "5m", 300_000);
        requireBetween("key_refresh", keyRefresh, "1ms", 1, "1h", 3_600_000);
        requireBetween("leeway", leeway, "0ms", 0, "5m", 300_000);
        providers = Collections.unmodifiableMap(new LinkedHashMap<>(providers));
    }

    /** An identity is the issuer and the subject, so an issuer under two names would confuse. */
    private static void requireDistinctIssuers(Map<String, ProviderConfig> providers) {
        long issuers = providers.values().stream().map(ProviderConfig::issuer).distinct().count();
        if (issuers != providers.size()) {
            throw new IllegalArgumentException("providers have an issuer each");
        }
    }

    private static void requireBetween(
            String key,
            Duration value,
            String least,
            long leastMillis,
            String most,
            long mostMillis) {
        if (value.toMillis() < leastMillis || value.toMillis() > mostMillis) {
            throw new IllegalArgumentException(
                    key + " is " + least + " to " + most + ", not " + value.toMillis() + "ms");
        }
    }
}
