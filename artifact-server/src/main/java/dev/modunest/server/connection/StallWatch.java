package dev.modunest.server.connection;

import io.helidon.common.socket.HelidonSocket;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Closes sockets on which a read or a write has taken too long; the blocked thread then gets an
 * exception. One thread looks at all of them a few times a second: no timer per read, and a timeout
 * may be late by that much. Thread-safe.
 */
final class StallWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StallWatch.class);
    private static final long PERIOD_MILLIS = 250;

    private final Set<Entry> entries = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("stall-watch").factory());

    private final ScheduledFuture<?> looking;

    StallWatch() {
        looking =
                timer.scheduleWithFixedDelay(
                        this::closeStalled, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** One read or write under way. */
    final class Entry implements AutoCloseable {

        private final HelidonSocket socket;
        private final long deadline;

        private Entry(HelidonSocket socket, long deadline) {
            this.socket = socket;
            this.deadline = deadline;
        }

        @Override
        public void close() {
            entries.remove(this);
        }
    }

    /** What follows on this socket ends within {@code timeout} or the socket is closed. */
    Entry enter(HelidonSocket socket, Duration timeout) {
        Entry entry = new Entry(socket, System.nanoTime() + timeout.toNanos());
        entries.add(entry);
        return entry;
    }

    private void closeStalled() {
        long now = System.nanoTime();
        List<Entry> stalled = entries.stream().filter(entry -> now - entry.deadline > 0).toList();
        stalled.forEach(
                entry -> {
                    entries.remove(entry);
                    close(entry.socket);
                });
    }

    private static void close(HelidonSocket socket) {
        try {
            socket.close();
        } catch (UncheckedIOException already) {
            LOG.trace("a stalled connection was closed by its other end", already);
        }
    }

    @Override
    public void close() {
        looking.cancel(false);
        timer.shutdown();
    }
}
