package dev.modunest.server.periodic;

import io.prometheus.client.Gauge;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** How one piece of work that never ends goes. Thread-safe. */
public final class Job {

    private static final Logger LOG = LoggerFactory.getLogger(Job.class);

    /** A round that is late by a pause of the machine or the length of a long one is no sign. */
    private static final int INTERVALS = 3;

    private static final Duration GRACE = Duration.ofSeconds(30);

    private final String name;
    private final Duration longest;
    private final InstantSource clock;
    private final Gauge.Child metric;
    private volatile Instant lastRound;
    private @Nullable Class<?> failing;

    Job(String name, Duration interval, InstantSource clock, Gauge.Child metric) {
        this.name = name;
        this.longest = interval.multipliedBy(INTERVALS).plus(GRACE);
        this.clock = clock;
        this.metric = metric;
        this.lastRound = clock.instant();
        metric.set((double) lastRound.getEpochSecond());
    }

    public String name() {
        return name;
    }

    /** When a round last went well; before the first, when the job began. */
    public Instant lastRound() {
        return lastRound;
    }

    /** Whether no round has gone well for more than three intervals and half a minute. */
    public boolean isLate() {
        return lastRound.plus(longest).isBefore(clock.instant());
    }

    /** A round went well. */
    public synchronized void succeeded() {
        lastRound = clock.instant();
        metric.set((double) lastRound.getEpochSecond());
        if (failing != null) {
            failing = null;
            LOG.info("{} goes well again", name);
        }
    }

    /** A round failed; logged once until one goes well or another kind of failure comes. */
    public synchronized void failed(Throwable cause) {
        if (failing != cause.getClass()) {
            failing = cause.getClass();
            LOG.warn("{} failed and is tried again", name, cause);
        } else {
            LOG.debug("{} failed again", name, cause);
        }
    }
}
