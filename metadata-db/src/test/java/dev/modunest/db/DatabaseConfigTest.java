package dev.modunest.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.settings.Settings;
import dev.modunest.settings.SettingsException;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Optional;

class DatabaseConfigTest {

    @Test
    void pinsEveryKeyAndDefault() {
        DatabaseConfig config = read(Map.of());
        assertThat(Settings.describe(config))
                .isEqualTo(
                        """
                        url: jdbc:postgresql://127.0.0.1:1/x
                        user: modunest
                        password: ****
                        pool_size: 10
                        connection_timeout: 5s
                        statement_timeout: 30s
                        lock_timeout: 10s
                        slow_statement: 500ms
                        replicas: []
                        replica_pool_size: 10
                        replica_check: 250ms
                        replica_timeout: 1s
                        replica_max_lag: 10s
                        """);
    }

    @Test
    void refusesWhatHasNoBound() {
        assertThatThrownBy(() -> read(Map.of("MODUNEST_POOL_SIZE", "0")))
                .hasMessageContaining("pool_size is 1 to 1000, not 0");
        assertThatThrownBy(() -> read(Map.of("MODUNEST_STATEMENT_TIMEOUT", "0ms")))
                .hasMessageContaining("every wait is bounded");
        assertThatThrownBy(() -> read(Map.of("MODUNEST_CONNECTION_TIMEOUT", "1ms")))
                .hasMessageContaining("at least 250ms");
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> read(Map.of("MODUNEST_URL", "postgres://x")))
                .withMessageContaining("jdbc:postgresql://host:port/database");
    }

    @Test
    void readsReplicasAndRefusesWhatTheyCannotBe() {
        String two = "jdbc:postgresql://b/x,jdbc:postgresql://c:5433/x";
        assertThat(read(Map.of("MODUNEST_REPLICAS", two)).replicas())
                .containsExactly("jdbc:postgresql://b/x", "jdbc:postgresql://c:5433/x");
        assertThatThrownBy(() -> read(Map.of("MODUNEST_REPLICAS", "jdbc:postgresql://b,c/x")))
                .hasMessageContaining("one host each");
        assertThatThrownBy(
                        () ->
                                read(
                                        Map.of(
                                                "MODUNEST_REPLICAS",
                                                "jdbc:postgresql://b/x,".repeat(16)
                                                        + "jdbc:postgresql://b/x")))
                .hasMessageContaining("at most 16");
        assertThatThrownBy(() -> read(Map.of("MODUNEST_REPLICA_POOL_SIZE", "0")))
                .hasMessageContaining("replica_pool_size is 1 to 1000");
        assertThatThrownBy(() -> read(Map.of("MODUNEST_REPLICA_TIMEOUT", "1h")))
                .hasMessageContaining("replica_timeout is at least 250ms");
        assertThatThrownBy(() -> read(Map.of("MODUNEST_REPLICA_MAX_LAG", "999ms")))
                .hasMessageContaining("replica_max_lag at least four times");
        assertThatThrownBy(() -> read(Map.of("MODUNEST_SLOW_STATEMENT", "0ms")))
                .hasMessageContaining("slow_statement is at least 1ms");
    }

    @Test
    void anUnreachableServerIsToldWithItsAddress() {
        DatabaseConfig config = read(Map.of("MODUNEST_CONNECTION_TIMEOUT", "250ms"));
        assertThatExceptionOfType(DatabaseException.class)
                .isThrownBy(() -> Database.open(config))
                .withMessageContaining("jdbc:postgresql://127.0.0.1:1/x")
                .matches(DatabaseException::isUnavailable);
    }

    private static DatabaseConfig read(Map<String, String> more) {
        Map<String, String> environment = new java.util.HashMap<>();
        environment.put("MODUNEST_URL", "jdbc:postgresql://127.0.0.1:1/x");
        environment.put("MODUNEST_PASSWORD", "p");
        environment.putAll(more);
        return Settings.read(DatabaseConfig.class, Optional.empty(), environment);
    }
}
