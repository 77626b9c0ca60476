package dev.modunest.server.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.server.DocumentedSettings;
import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Settings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

class PasswordConfigTest {

    private static PasswordConfig read(Map<String, String> environment) {
        return Settings.read(PasswordConfig.class, Optional.empty(), environment);
    }

    @Test
    void theDefaultsHold() {
        assertThat(read(Map.of()))
                .isEqualTo(
                        new PasswordConfig(
                                ByteSize.ofMebibytes(19),
                                2,
                                1,
                                4,
                                Duration.ofSeconds(5),
                                12,
                                new LockOutConfig(
                                        5, Duration.ofSeconds(1), Duration.ofMinutes(15))));
    }

    @Test
    void theDocumentListsEverySettingWithItsDefault() throws IOException {
        assertThat(DocumentedSettings.in(Path.of("../docs/operations/identity.md")))
                .containsAllEntriesOf(DocumentedSettings.of(PasswordConfig.class, "password."));
    }

    @ParameterizedTest
    @CsvSource({
        "MODUNEST_MEMORY, 1MiB, memory is 8MiB to 1GiB",
        "MODUNEST_MEMORY, 2GiB, memory is 8MiB to 1GiB",
        "MODUNEST_ITERATIONS, 0, iterations is 1 to 100",
        "MODUNEST_PARALLELISM, 17, parallelism 1 to 16",
        "MODUNEST_MAX_CONCURRENT, 0, max_concurrent is 1 to 1024",
        "MODUNEST_MAX_WAIT, 2m, max_wait is 0s to 1m",
        "MODUNEST_MIN_LENGTH, 7, min_length is 8 to 64",
        "MODUNEST_LOCK_OUT_FAILURES, 0, failures is 1 to 100",
        "MODUNEST_LOCK_OUT_FIRST, 0ms, first is at least 1ms",
        "MODUNEST_LOCK_OUT_LONGEST, 2d, longest is first to 1d",
        "MODUNEST_LOCK_OUT_LONGEST, 1ms, longest is first to 1d"
    })
    void refusesWhatCannotWork(String variable, String value, String message) {
        assertThatThrownBy(() -> read(Map.of(variable, value))).hasMessageContaining(message);
    }
}
