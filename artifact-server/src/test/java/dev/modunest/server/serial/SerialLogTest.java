package dev.modunest.server.serial;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class SerialLogTest {

    private static final Duration NONE = Duration.ZERO;
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final SerialConfig CONFIG =
            new SerialConfig(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(5),
                    10,
                    1,
                    1,
                    1,
                    Duration.ofSeconds(5));

    private final List<String> heard = new ArrayList<>();
    private final SerialLog log = new SerialLog(CONFIG, List.of(new Recorder()));

    /** Notes what it is told and how far the log was then. */
    private final class Recorder implements Follower {
        @Override
        public void changed(Change change) {
            heard.add(change.plugin() + " before " + (log.applied() + 1));
        }

        @Override
        public void everythingChanged() {
            heard.add("everything");
        }
    }

    @Test
    void followersHearOfAChangeBeforeItIsApplied() {
        log.restart(7, List.of());
        log.append(List.of(Events.event(8, "acme/html@1.0.0")));

        assertThat(heard).containsExactly("everything", "acme/html before 8");
        assertThat(log.applied()).isEqualTo(8);
    }

    @Test
    void waitsForASerial() throws Exception {
        log.restart(7, List.of());
        assertThat(log.await(7, NONE)).isTrue();
        assertThat(log.await(8, NONE)).isFalse();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> waiting = threads.submit(() -> log.await(9, LONG));
            Future<SerialLog.Tail> tail = threads.submit(() -> log.after(7, 1, LONG));
            log.append(Events.between(8, 9));
            assertThat(waiting.get()).isTrue();
            assertThat(tail.get()).isEqualTo(new SerialLog.Tail.Events(Events.between(8, 9)));
        }
    }

    @Test
    void tellsWhatFollowsASerial() {
        assertThat(log.awaitBegun(NONE)).isFalse();
        log.restart(20, Events.between(15, 20));
        assertThat(log.awaitBegun(NONE)).isTrue();

        assertThat(log.after(18, 1, LONG))
                .isEqualTo(new SerialLog.Tail.Events(Events.between(19, 20)));
        assertThat(log.after(20, 1, NONE)).isEqualTo(new SerialLog.Tail.Nothing());
    }

    @Test
    void tellsToBeginAnewWhenWhatFollowsIsNotKept() {
        log.restart(20, Events.between(15, 20));

        assertThat(log.after(13, 1, NONE)).isEqualTo(new SerialLog.Tail.Reset(20, 1));
        assertThat(log.after(21, 1, NONE)).isEqualTo(new SerialLog.Tail.Reset(20, 1));
        log.restart(20, Events.between(15, 20));
        assertThat(log.after(18, 1, LONG)).isEqualTo(new SerialLog.Tail.Reset(20, 2));
    }

    @Test
    void closingEndsEveryWait() throws Exception {
        log.restart(20, List.of());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<SerialLog.Tail> tail = threads.submit(() -> log.after(20, 1, LONG));
            Future<Boolean> waiting = threads.submit(() -> log.await(21, LONG));
            log.close();
            assertThat(tail.get()).isEqualTo(new SerialLog.Tail.Closed());
            assertThat(waiting.get()).isFalse();
        }
    }
}
