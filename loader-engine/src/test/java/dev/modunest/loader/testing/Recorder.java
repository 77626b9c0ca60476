package dev.modunest.loader.testing;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** What test plugins call; a host package that they see. Thread-safe. */
public final class Recorder {

    private static final List<String> EVENTS = new ArrayList<>();
    private static @Nullable Object kept;
    private static CountDownLatch stuck = new CountDownLatch(1);

    private Recorder() {}

    public static synchronized void reset() {
        EVENTS.clear();
        stuck = new CountDownLatch(1);
    }

    public static synchronized void record(String event) {
        EVENTS.add(event);
        Recorder.class.notifyAll();
    }

    public static synchronized List<String> events() {
        return List.copyOf(EVENTS);
    }

    public static synchronized List<String> events(String prefix) {
        return EVENTS.stream()
                .filter(event -> event.startsWith(prefix))
                .map(event -> event.substring(prefix.length()))
                .toList();
    }

    /** Waits until {@code event} has been recorded, at most half a minute. */
    public static synchronized void await(String event) throws InterruptedException {
        long end = System.nanoTime() + 30_000_000_000L;
        while (!EVENTS.contains(event)) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError(event + " did not happen: " + EVENTS);
            }
            Recorder.class.wait(left);
        }
    }

    private static synchronized CountDownLatch stuck() {
        return stuck;
    }

    /** Waits, deaf to interruption, until {@link #unstick} is called. */
    public static void hang() {
        CountDownLatch latch = stuck();
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException ignored) {
                record("interrupted");
            }
        }
    }

    /** Holds {@code object} as a careless host would. */
    public static synchronized void keep(@Nullable Object object) {
        kept = object;
    }

    public static synchronized boolean keeps() {
        return kept != null;
    }

    public static void unstick() {
        stuck().countDown();
    }
}
