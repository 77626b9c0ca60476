package dev.modunest.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.settings.Settings;
import dev.modunest.settings.SettingsException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;
import java.util.Optional;

class TracingConfigTest {

    record Both(TracingConfig tracing, LoggingConfig logging) {}

    private static Both read(Map<String, String> environment) {
        return Settings.read(Both.class, Optional.empty(), environment);
    }

    @Test
    void everyKeyHasItsDefault() {
        assertThat(Settings.describe(read(Map.of())))
                .isEqualTo(
                        """
                        tracing:
                          enabled: false
                          endpoint: http://127.0.0.1:4318
                          one_in: 100
                          follow_parent: true
                          timeout: 10s
                          queue_size: 2048
                          interval: 5s
                        logging:
                          format: auto
                        """);
    }

    @ParameterizedTest
    @CsvSource({
        "TRACING_ENDPOINT,ftp://x",
        "TRACING_ENDPOINT,http:x",
        "TRACING_ONE_IN,0",
        "TRACING_QUEUE_SIZE,0",
        "TRACING_TIMEOUT,0ms",
        "TRACING_INTERVAL,0ms",
        "LOGGING_FORMAT,xml"
    })
    void badValuesAreRefused(String key, String value) {
        assertThatThrownBy(() -> read(Map.of("MODUNEST_" + key, value)))
                .isInstanceOf(SettingsException.class);
    }
}
