package dev.modunest.edge.listen;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The connections of one event loop, looked at together every quarter of a second: a connection
 * costs no timer of its own. On its event loop alone.
 */
final class LoopWatch {

    private static final Logger LOG = LoggerFactory.getLogger(LoopWatch.class);
    private static final long TICK_MILLIS = 250;

    private static final FastThreadLocal<LoopWatch> CURRENT = new FastThreadLocal<>();

    private final List<ClientConnection> connections = new ArrayList<>();
    private long now = millis();

    private LoopWatch() {}

    /** The watch of {@code loop}, from its own thread. */
    static LoopWatch of(EventLoop loop) {
        LoopWatch watch = CURRENT.get();
        if (watch == null) {
            watch = new LoopWatch();
            CURRENT.set(watch);
            var _ =
                    loop.scheduleWithFixedDelay(
                            watch::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
        return watch;
    }

    /** Milliseconds of a clock that goes on with the ticks. */
    long now() {
        return now;
    }

    void add(ClientConnection connection) {
        now = millis();
        connection.place(connections.size());
        connections.add(connection);
    }

    void remove(ClientConnection connection, int place) {
        ClientConnection last = connections.removeLast();
        if (last != connection) {
            connections.set(place, last);
            last.place(place);
        }
    }

    private void tick() {
        now = millis();
        for (int i = connections.size() - 1; i >= 0; i--) {
            if (i < connections.size()) {
                tick(connections.get(i));
            }
        }
    }

    private void tick(ClientConnection connection) {
        try {
            connection.tick(now);
        } catch (RuntimeException bug) {
            LOG.error("a connection cannot be watched and is closed", bug);
            connection.abort();
        }
    }

    private static long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
