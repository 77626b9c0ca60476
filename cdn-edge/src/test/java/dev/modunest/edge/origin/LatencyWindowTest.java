package dev.modunest.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LatencyWindowTest {

    @Test
    void tellsNothingBeforeItHasSeenEnough() {
        LatencyWindow window = new LatencyWindow(20);
        for (int i = 0; i < 19; i++) {
            window.add(1);
        }
        assertThat(window.p95()).isEmpty();
        window.add(1);
        assertThat(window.p95()).hasValue(1);
    }

    @Test
    void tellsThe95thPercentileOfTheLatestTimes() {
        LatencyWindow window = new LatencyWindow(20);
        for (int i = 1; i <= 100; i++) {
            window.add(i);
        }
        assertThat(window.p95().orElseThrow()).isBetween(90L, 96L);
        for (int i = 0; i < 3 * LatencyWindow.SIZE; i++) {
            window.add(7);
        }
        assertThat(window.p95()).hasValue(7);
    }
}
