package dev.modunest.db;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrimaryLogTest {

    private final PrimaryLog log = new PrimaryLog();

    @Test
    void whatIsReplayedIsAsOldAsTheLastPositionItContains() {
        log.add(at(100), 1_000);
        log.add(at(200), 2_000);
        log.add(at(300), 3_000);

        assertThat(log.asOfNanos(at(300), 9_000)).isEqualTo(3_000);
        assertThat(log.asOfNanos(at(299), 9_000)).isEqualTo(2_000);
        assertThat(log.asOfNanos(at(1), 9_000)).isEqualTo(1_000);
    }

    @Test
    void aPrimaryThatWritesNothingMakesNobodyOlder() {
        log.add(at(100), 1_000);
        log.add(at(100), 5_000);

        assertThat(log.asOfNanos(at(100), 9_000)).isEqualTo(5_000);
        assertThat(log.newest()).isEqualTo(at(100));
    }

    @Test
    void aLongHistoryStaysBoundedAndKeepsItsEnds() {
        for (int i = 1; i <= 100_000; i++) {
            log.add(at(i), i);
        }

        assertThat(log.asOfNanos(at(1), 0)).isEqualTo(1);
        assertThat(log.asOfNanos(at(100_000), 0)).isEqualTo(100_000);
        assertThat(log.asOfNanos(at(99_900), 0)).isEqualTo(99_900);
        assertThat(log.asOfNanos(at(50_000), 0)).isLessThanOrEqualTo(50_000).isPositive();
    }

    @Test
    void anotherTimelineForgetsThePositionsOfTheFirst() {
        assertThat(log.restart(1)).isFalse();
        log.add(at(500), 1_000);

        assertThat(log.restart(2)).isTrue();
        assertThat(log.timeline()).isEqualTo(2);
        assertThat(log.newest()).isEqualTo(LogPosition.START);
        log.add(at(400), 2_000);
        assertThat(log.asOfNanos(at(400), 9_000)).isEqualTo(2_000);
    }

    private static LogPosition at(long position) {
        return new LogPosition(position);
    }
}
