package dev.modunest.edge.log;

import dev.modunest.edge.metrics.EdgeMetrics;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Writes one JSON object per request to the logger {@code modunest.edge.access}, on a thread of its
 * own, so that a slow disk holds no request up. Thread-safe.
 */
public final class AccessLog implements AutoCloseable {

    /** Its lines are JSON as they are. */
    public static final String LOGGER = "modunest.edge.access";

    private static final Logger ACCESS = LoggerFactory.getLogger(LOGGER);
    private static final String END = "";

    private final BlockingQueue<String> lines;
    private final EdgeMetrics metrics;
    private final Thread writer;
    private volatile AccessLogSettings settings;

    public AccessLog(AccessLogSettings settings, EdgeMetrics metrics) {
        this.settings = settings;
        this.metrics = metrics;
        this.lines = new ArrayBlockingQueue<>(settings.queueSize());
        this.writer = Thread.ofPlatform().name("edge-access-log").daemon().start(this::write);
    }

    /** Changes what is written; the size of the queue stays. */
    public void change(AccessLogSettings changed) {
        settings = changed;
    }

    public boolean isEnabled() {
        return settings.enabled();
    }

    /**
     * Whether a request is to be written.
     *
     * @param hit it was answered from the cache
     * @param random any number
     */
    public boolean takes(boolean hit, int random) {
        AccessLogSettings now = settings;
        return now.enabled() && (!hit || Math.floorMod(random, now.hitsPerLine()) == 0);
    }

    public void add(AccessLine line) {
        if (!lines.offer(line.json())) {
            metrics.accessLineDropped();
        }
    }

    private void write() {
        try {
            for (String line = lines.take(); !line.equals(END); line = lines.take()) {
                ACCESS.info(line);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns when what was added is written. */
    @Override
    public void close() {
        try {
            lines.put(END);
            writer.join();
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
    }
}
