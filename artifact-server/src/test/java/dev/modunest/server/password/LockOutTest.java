package dev.modunest.server.password;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;

class LockOutTest {

    private static final LockOutConfig CONFIG =
            new LockOutConfig(5, Duration.ofSeconds(1), Duration.ofMinutes(15));
    private static final Instant LAST = Instant.parse("2026-11-27T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "5, 1",
        "6, 2",
        "7, 4",
        "14, 512",
        "15, 900",
        "16, 900",
        "1000, 900",
        "2147483647, 900"
    })
    void doublesFromTheFifthFailureUpToTheLongest(int failures, int seconds) {
        assertThat(LockOut.until(failures, LAST, CONFIG)).contains(LAST.plusSeconds(seconds));
    }

    @Test
    void fewFailuresLockNothing() {
        assertThat(LockOut.until(0, LAST, CONFIG)).isEmpty();
        assertThat(LockOut.until(4, LAST, CONFIG)).isEmpty();
    }

    @Property
    void moreFailuresNeverLockForLess(
            @ForAll @IntRange(min = 1, max = 100) int first,
            @ForAll @IntRange(min = 5, max = 10_000) int failures) {
        LockOutConfig config = new LockOutConfig(5, Duration.ofMillis(first), Duration.ofHours(1));
        Instant until = LockOut.until(failures, LAST, config).orElseThrow();

        assertThat(LockOut.until(failures + 1, LAST, config).orElseThrow())
                .isAfterOrEqualTo(until)
                .isBeforeOrEqualTo(LAST.plus(config.longest()));
    }
}
