package dev.modunest.edge.purge;

import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.edge.origin.Origin;
import dev.modunest.edge.origin.OriginBody;
import dev.modunest.edge.origin.OriginFailure;
import dev.modunest.settings.Secret;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Follows the origin's event stream on a thread of its own and applies what it tells. A stream that
 * ends, fails or is silent for too long is opened again after the last event applied; the waits
 * between grow to a bound and are spread, so that many edges do not come back at once.
 */
public final class EventFollower implements AutoCloseable {

    public static final String CONNECTED = "ok";

    private static final Logger LOG = LoggerFactory.getLogger(EventFollower.class);
    private static final String MEDIA_TYPE = "text/event-stream";
    private static final int MAX_DOUBLINGS = 20;

    private final Origin origin;
    private final Purger purger;
    private final PurgeSettings settings;
    private final Optional<Secret> token;
    private final EdgeMetrics metrics;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("edge-events").unstarted(this::run);
    private volatile String state = "not connected yet";
    private volatile long lastEvent = System.nanoTime();
    private int failures;

    /** The serial number of a heartbeat that came before its events; 0 for none. */
    private long announced;

    /**
     * Begins to follow.
     *
     * @param token by which the origin knows its edges: it keeps streams for them
     */
    public EventFollower(
            Origin origin,
            Purger purger,
            PurgeSettings settings,
            Optional<Secret> token,
            EdgeMetrics metrics) {
        this.origin = origin;
        this.purger = purger;
        this.settings = settings;
        this.token = token;
        this.metrics = metrics;
        metrics.watchStream(
                () -> isConnected() ? 1 : 0,
                () -> (System.nanoTime() - lastEvent) / 1e9,
                purger::applied);
        thread.start();
    }

    public boolean isConnected() {
        return state.equals(CONNECTED);
    }

    /** {@link #CONNECTED}, or why the events are not heard. */
    public String state() {
        return state;
    }

    @Override
    public void close() {
        stopped.countDown();
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
        purger.save();
    }

    private void run() {
        try {
            do {
                disconnected(follow());
            } while (!stopped.await(pause().toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException stopping) {
            state = "stopped";
        }
    }

    private void disconnected(String why) {
        if (isConnected() || failures == 0) {
            LOG.warn("the events of the origin are not heard: {}", why);
        }
        state = "not connected: " + why;
        failures++;
    }

    /** Exponential with a bound; the second half of it by chance. */
    private Duration pause() {
        int doublings = Math.min(failures - 1, MAX_DOUBLINGS);
        long bound =
                Math.min(
                        settings.reconnectMin().toNanos() << doublings,
                        settings.reconnectMax().toNanos());
        return Duration.ofNanos(bound / 2 + ThreadLocalRandom.current().nextLong(bound / 2 + 1));
    }

    /** Follows one stream to its end; gives the reason of the end. */
    private String follow() throws InterruptedException {
        try {
            Origin.Followed stream = open();
            try {
                requireEvents(stream);
                stream.body().start();
                read(stream.body());
                return "the origin has ended the stream";
            } finally {
                stream.body().cancel("the stream is left");
            }
        } catch (OriginFailure | IllegalArgumentException failed) {
            return String.valueOf(failed.getMessage());
        }
    }

    private Origin.Followed open() throws InterruptedException, OriginFailure {
        try {
            return origin.follow(path(purger.last()), headers(), settings.maxEvent().bytes())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
        } catch (ExecutionException failed) {
            throw OriginFailure.of(failed.getCause() == null ? failed : failed.getCause());
        }
    }

    private static String path(AppliedSerial last) {
        return "/api/v1/events?since="
                + last.serial()
                + last.at().map(at -> "&at=" + at).orElse("");
    }

    private MultiMap headers() {
        MultiMap headers =
                MultiMap.caseInsensitiveMultiMap()
                        .add("Accept", MEDIA_TYPE)
                        .add("Via", "1.1 modunest-edge");
        token.ifPresent(secret -> headers.add("Authorization", "Bearer " + secret.value()));
        return headers;
    }

    private static void requireEvents(Origin.Followed stream) throws OriginFailure {
        @Nullable String type = stream.contentType();
        if (stream.status() != 200 || type == null || !type.startsWith(MEDIA_TYPE)) {
            throw new OriginFailure(
                    OriginFailure.Kind.INVALID,
                    "GET /api/v1/events answers " + stream.status() + " with " + type);
        }
    }

    private void read(OriginBody body) throws InterruptedException, OriginFailure {
        EventParser parser = new EventParser(settings.maxEvent().bytes());
        lastEvent = System.nanoTime();
        announced = 0;
        for (Buffer next = next(body); next != null; next = next(body)) {
            for (ServerSentEvent event : parser.parse(next.getBytes())) {
                apply(RegistryEvent.read(event));
                heard();
            }
        }
    }

    private @Nullable Buffer next(OriginBody body) throws InterruptedException, OriginFailure {
        long left = settings.heartbeatTimeout().toNanos() - (System.nanoTime() - lastEvent);
        try {
            return body.next(Duration.ofNanos(left));
        } catch (OriginFailure failed) {
            throw failed.kind() == OriginFailure.Kind.TIMEOUT
                    ? new OriginFailure(
                            OriginFailure.Kind.TIMEOUT,
                            "no event within "
                                    + settings.heartbeatTimeout().toMillis()
                                    + " ms (purge.heartbeat_timeout)")
                    : failed;
        }
    }

    private void heard() {
        lastEvent = System.nanoTime();
        if (!isConnected()) {
            LOG.info("the events of the origin are heard, serial number {}", purger.applied());
        }
        state = CONNECTED;
        failures = 0;
    }

    private void apply(RegistryEvent event) {
        switch (event) {
            case RegistryEvent.Changed changed -> apply(changed);
            case RegistryEvent.Heartbeat(long serial) -> heartbeat(serial);
            case RegistryEvent.Reset(long serial) -> {
                LOG.info("the origin tells no events before {}: all documents dropped", serial);
                reset(serial);
            }
            case RegistryEvent.Unknown() -> {}
        }
    }

    private void apply(RegistryEvent.Changed changed) {
        long applied = purger.applied();
        if (changed.serial() <= applied) {
            return;
        }
        if (changed.serial() > applied + 1) {
            LOG.warn("events are missing between {} and {}", applied, changed.serial());
            reset(changed.serial() - 1);
        }
        purger.apply(changed);
    }

    /** A heartbeat may overtake the events that it counts, but not those of the one before. */
    private void heartbeat(long serial) {
        if (announced > purger.applied()) {
            LOG.warn("events are missing between {} and {}", purger.applied(), announced);
            reset(announced);
        }
        announced = serial;
        purger.save();
    }

    private void reset(long serial) {
        metrics.reset();
        purger.reset(serial);
        purger.save();
    }
}
