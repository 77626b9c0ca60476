package dev.modunest.loader.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

class BandwidthTest {

    private long now = 1_000;

    private void pass(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void letsEverythingPassWithoutALimit() {
        Bandwidth bandwidth = new Bandwidth(0, () -> now);
        assertThat(bandwidth.take(1L << 40)).isZero();
    }

    @Test
    void letsAQuarterOfASecondPassAtOnceAndThePacePassThen() {
        Bandwidth bandwidth = new Bandwidth(1_000, () -> now);
        assertThat(bandwidth.take(250)).isZero();
        assertThat(bandwidth.take(500)).isEqualTo(Duration.ofMillis(500));
        pass(500);
        assertThat(bandwidth.take(100)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void savesNoMoreThanAQuarterOfASecondUp() {
        Bandwidth bandwidth = new Bandwidth(1_000, () -> now);
        pass(3_600_000);
        assertThat(bandwidth.take(1_250)).isEqualTo(Duration.ofSeconds(1));
    }
}
