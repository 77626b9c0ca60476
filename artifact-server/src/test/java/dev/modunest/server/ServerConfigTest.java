package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.settings.Settings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

class ServerConfigTest {

    private static final Map<String, String> REQUIRED =
            Map.of(
                    "MODUNEST_DATABASE_URL", "jdbc:postgresql://127.0.0.1/modunest",
                    "MODUNEST_DATABASE_PASSWORD", "secret");

    private static ServerConfig read(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(REQUIRED);
        environment.putAll(more);
        return Settings.read(ServerConfig.class, Optional.empty(), environment);
    }

    @Test
    void theDocumentsListEverySettingWithItsDefault() throws IOException {
        Map<String, String> documented =
                DocumentedSettings.in(Path.of("../docs/operations/artifact-server.md"));
        // Its other tables have words without a dot in their first column.
        DocumentedSettings.in(Path.of("../docs/operations/identity.md"))
                .forEach(
                        (key, standard) -> {
                            if (key.contains(".")) {
                                documented.put(key, standard);
                            }
                        });
        assertThat(documented).isEqualTo(DocumentedSettings.of(ServerConfig.class, ""));
    }

    @Test
    void theDefaultsHold() {
        ServerConfig config = read(Map.of());

        assertThat(config.listen().address()).isEqualTo("127.0.0.1");
        assertThat(config.upload().maxSize().bytes()).isEqualTo(512L << 20);
        assertThat(config.archive().limits()).isEqualTo(dev.modunest.format.ArchiveLimits.DEFAULT);
    }

    @Test
    void theDescriptionMasksSecrets() {
        String described =
                Settings.describe(
                        read(
                                Map.of(
                                        "MODUNEST_S3_ACCESS_KEY", "known",
                                        "MODUNEST_S3_SECRET_KEY", "hidden-one")));

        assertThat(described).contains("known").doesNotContain("hidden-one", "secret\n");
    }

    @ParameterizedTest
    @CsvSource({
        "MODUNEST_LISTEN_PORT, 70000, port is 0 to 65535",
        "MODUNEST_CONNECTION_MAX, 0, max and backlog",
        "MODUNEST_CONNECTION_MAX_HEADERS, 1B, max_headers is 1KiB to 1MiB",
        "MODUNEST_CONNECTION_STALL_TIMEOUT, 1ms, stall_timeout",
        "MODUNEST_S3_ACCESS_KEY, half, access_key and secret_key",
        "MODUNEST_S3_BUCKET, ab, bucket has 3 to 63",
        "MODUNEST_S3_MAX_CONNECTIONS, 0, max_connections is 1",
        "MODUNEST_S3_MAX_CONNECTIONS, 10, s3.max_connections (10)",
        "MODUNEST_S3_MAX_ATTEMPTS, 11, max_attempts is 1",
        "MODUNEST_UPLOAD_PART_SIZE, 1MiB, part_size is 5MiB",
        "MODUNEST_UPLOAD_MAX_CONCURRENT, 0, max_concurrent is at least 1",
        "MODUNEST_UPLOAD_MAX_PERCENT_PER_PUBLISHER, 0, max_percent_per_publisher is 1 to 100",
        "MODUNEST_UPLOAD_MIN_RATE, 2GiB, min_rate is at most 1GiB",
        "MODUNEST_UPLOAD_MIN_RATE_WINDOW, 0ms, min_rate_window is 10ms to 1h",
        "MODUNEST_UPLOAD_MIN_RATE_GRACE, 2h, min_rate_grace is 0ms to 1h",
        "MODUNEST_DOWNLOAD_BUFFER, 1KiB, buffer is 4KiB",
        "MODUNEST_DOWNLOAD_MEMORY_PERCENT, 81, memory_percent is 0 to 80",
        "MODUNEST_INDEX_CACHE_MEMORY_PERCENT, -1, memory_percent is 0 to 80",
        "MODUNEST_DOWNLOAD_MAX_CONCURRENT, 0, max_concurrent is at least 1",
        "MODUNEST_DOWNLOAD_SERVE_WITHOUT_INDEX, 31d, serve_without_index is 0s to 30d",
        "MODUNEST_SEARCH_FACET_MATCHES, 0, facet_matches is 1 to 100000",
        "MODUNEST_RANKING_INTERVAL, 1ms, interval is at least 100ms",
        "MODUNEST_RANKING_BATCH, 0, batch is 1 to 100000",
        "MODUNEST_RANKING_POPULAR, -1, popular is 0 to 100000",
        "MODUNEST_RANKING_POPULAR_DOWNLOADS, 0, popular_downloads is at least 1",
        "MODUNEST_RESOLVE_MAX_BODY, 1B, max_body is 1KiB",
        "MODUNEST_RESOLVE_MAX_CONCURRENT, -1, max_concurrent is 0 to 1024",
        "MODUNEST_RESOLVE_MAX_PERCENT_PER_CLIENT, 0, max_percent_per_client is 1 to 100",
        "MODUNEST_RESOLVE_MAX_QUEUED, -1, max_queued and max_queued_per_client",
        "MODUNEST_RESOLVE_MAX_TIME, 1ms, max_time is 10ms to 10m",
        "MODUNEST_SERIAL_MAX_WAIT, 2m, max_wait is 0s to 1m",
        "MODUNEST_SERIAL_CHECK, 1ms, check is at least 10ms",
        "MODUNEST_SERIAL_LEASE, 1s, lease (PT1S) is at least twice check",
        "MODUNEST_SERIAL_KEPT, 0, kept is 1 to 1000000",
        "MODUNEST_SERIAL_MAX_STREAMS, -1, max_streams and max_edge_streams are at least 0",
        "MODUNEST_SERIAL_MAX_STREAMS_PER_CLIENT, 0, max_streams_per_client is at least 1",
        "MODUNEST_SERIAL_HEARTBEAT, 1ms, heartbeat is at least 10ms",
        "MODUNEST_CHANGE_MAX_BODY, 1B, max_body is 1KiB",
        "MODUNEST_DELETE_WINDOW, -1s, window",
        "MODUNEST_DELETE_PERIOD, 1ms, period is at least 10ms",
        "MODUNEST_RETENTION_DOWNLOADS, 35d, downloads is at least 36d",
        "MODUNEST_RETENTION_AUDIT, 1h, everything is kept for at least 1d",
        "MODUNEST_SWEEP_PERIOD, 1ms, period is at least 1s",
        "MODUNEST_SWEEP_AGE, 1m, sweep.age",
        "MODUNEST_PUBLISH_MAX_CONCURRENT, 0, max_concurrent is at least 1",
        "MODUNEST_PUBLISH_MAX_INDEX, 17MiB, max_index is at most 16MiB",
        "MODUNEST_PUBLISH_MAX_PERCENT_PER_PUBLISHER, 101, max_percent_per_publisher is 1 to 100",
        "MODUNEST_PUBLISH_LEASE, 6s, lease is at least twice",
        "MODUNEST_PUBLISH_LEASE_PERIOD, 1ms, lease_period and stream_period",
        "MODUNEST_LIMITS_PUBLISH_RATE, 0, rate and burst are at least 1",
        "MODUNEST_LIMITS_CHANGE_BURST, 0, rate and burst are at least 1",
        "MODUNEST_LIMITS_RESOLVE_RATE, 0, rate and burst are at least 1",
        "MODUNEST_LIMITS_SEARCH_RATE, 0, rate and burst are at least 1",
        "MODUNEST_LIMITS_MAX_PARTIES, 0, max_parties is at least 1",
        "MODUNEST_LIMITS_TRUSTED_PROXIES, edge, edge",
        "MODUNEST_LIMITS_AUTHENTICATE_RATE, 0, rate and burst are at least 1",
        "MODUNEST_AUTH_CACHED_TOKENS, -1, token_cache",
        "MODUNEST_AUTH_LAST_USE, 1ms, last_use is at least 1s",
        "MODUNEST_ACCOUNT_MAX_TOKENS, 0, max_tokens is 1 to 10000",
        "MODUNEST_ACCOUNT_MAX_TOKEN_AGE, 1s, max_token_age is at least 1m",
        "MODUNEST_ACCOUNT_FRESH_SIGN_IN, 2h, fresh_sign_in is 1s to 1h",
        "MODUNEST_SIGN_IN_SESSION, 1s, session is PT5M",
        "MODUNEST_SIGN_IN_DEVICE_CODE, 2h, device_code is PT1M",
        "MODUNEST_TOKENS_ISSUER, http://registry.example, issuer is an https address",
        "MODUNEST_ACCOUNT_MAX_TOKENS, 0, max_tokens is 1 to 10000",
        "MODUNEST_ACCOUNT_MAX_TOKEN_AGE, 1s, max_token_age is at least 1m",
        "MODUNEST_ACCOUNT_FRESH_SIGN_IN, 2h, fresh_sign_in is 1s to 1h",
        "MODUNEST_SIGN_IN_SESSION, 1s, session is PT5M",
        "MODUNEST_SIGN_IN_DEVICE_CODE, 2h, device_code is PT1M",
        "MODUNEST_TOKENS_ISSUER, https://registry.example/, no slash at its end",
        "MODUNEST_TOKENS_ACCESS_TOKEN, 2h, access_token is 1m to 1h",
        "MODUNEST_TOKENS_REFRESH_TOKEN, 5m, refresh_token",
        "MODUNEST_TOKENS_KEY_OVERLAP, 1m, key_overlap",
        "MODUNEST_TRUSTED_GITHUB_ISSUER, http://ci.example, issuer is an https URI",
        "MODUNEST_TRUSTED_GITHUB_ISSUER, https://gitlab.com, every issuer is there once",
        "MODUNEST_TRUSTED_ISSUERS_GITHUB_ISSUER, https://ci.example, required_claims is a list",
        "MODUNEST_IDEMPOTENCY_KEEP, 1s, keep is at least 1m",
        "MODUNEST_NAMESPACES_MOST_PER_OWNER, -1, most_per_owner is 0",
        "MODUNEST_NAMESPACES_CHALLENGE, 1s, challenge and transfer are 1m to 90d",
        "MODUNEST_NAMESPACES_RESOLVER, a/b, resolver is host or host:port",
        "MODUNEST_NAMESPACES_DNS_TIMEOUT, 1ms, dns_timeout is 10ms to 30s",
        "MODUNEST_NAMESPACES_DNS_TRIES, 0, dns_tries is 1 to 5",
        "MODUNEST_GRANTS_MOST_PER_NAMESPACE, -1, most_per_namespace is 0",
        "MODUNEST_ORGANIZATIONS_MOST_PER_ACCOUNT, -1, most_per_account is 0",
        "MODUNEST_ORGANIZATIONS_MOST_MEMBERS, 0, most_members and most_teams",
        "MODUNEST_HEALTH_TIMEOUT, 1ms, timeout is at least 10ms"
    })
    void refusesWhatCannotWork(String variable, String value, String message) {
        assertThatThrownBy(() -> read(Map.of(variable, value))).hasMessageContaining(message);
    }
}
