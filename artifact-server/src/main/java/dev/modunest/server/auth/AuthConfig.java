package dev.modunest.server.auth;

import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * How credentials and access are remembered. What is revoked is forgotten at once everywhere; these
 * are bounds.
 *
 * @param tokenCache how long a checked credential and a fact of access are remembered; 0ms looks
 *     every time
 * @param cachedTokens most credentials remembered
 * @param cachedFacts most namespaces, and most accounts, whose access is remembered
 * @param lastUse how often it is noted when tokens and sessions were last used
 */
public record AuthConfig(
        @Default("60s") Duration tokenCache,
        @Default("10000") int cachedTokens,
        @Default("100000") int cachedFacts,
        @Default("60s") Duration lastUse) {

    public AuthConfig {
        if (tokenCache.isNegative() || cachedTokens < 0 || cachedFacts < 0) {
            throw new IllegalArgumentException(
                    "token_cache, cached_tokens and cached_facts are not negative");
        }
        if (lastUse.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("last_use is at least 1s");
        }
    }
}
