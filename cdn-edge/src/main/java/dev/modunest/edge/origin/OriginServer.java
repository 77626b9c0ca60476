package dev.modunest.edge.origin;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * One of the servers that are the origin: its load, what it answers, and its health. Thread-safe.
 */
final class OriginServer implements Candidate {

    private static final Logger LOG = LoggerFactory.getLogger(OriginServer.class);

    /** A new time counts for an eighth of the mean (as in RFC 6298 2). */
    private static final int MEAN_SHIFT = 3;

    private final OriginAddress address;
    private final LongSupplier nanos;
    private final CircuitBreaker breaker;
    private final ProbedHealth health;
    private final AtomicInteger load = new AtomicInteger();
    private final AtomicLong meanNanos = new AtomicLong();
    private final LongAdder answered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final Set<Use> waiting = ConcurrentHashMap.newKeySet();
    private volatile long heardAt;
    private volatile Optional<OriginFailure> lastFailure = Optional.empty();

    OriginServer(OriginAddress address, OriginSettings settings, LongSupplier nanos) {
        this.address = address;
        this.nanos = nanos;
        this.breaker = new CircuitBreaker(settings.breaker(), nanos);
        this.health = new ProbedHealth(settings.probe());
        this.heardAt = nanos.getAsLong();
    }

    OriginAddress address() {
        return address;
    }

    @Override
    public String id() {
        return address.id();
    }

    @Override
    public int load() {
        return load.get();
    }

    /** Whether it may be asked now. */
    boolean isAble() {
        return health.isUp() && breaker.isPassable();
    }

    Optional<OriginFailure> lastFailure() {
        return lastFailure;
    }

    OriginState state(List<String> sources) {
        return new OriginState(
                id(),
                address.uri(),
                sources,
                health.isUp(),
                breaker.state().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                load.get(),
                Duration.ofNanos(meanNanos.get()),
                answered.sum(),
                failed.sum(),
                lastFailure.map(OriginFailure::getMessage));
    }

    /** Begins a use, if the breaker lets it pass. */
    Optional<Use> use() {
        long permit = breaker.acquire();
        if (permit == CircuitBreaker.NONE) {
            return Optional.empty();
        }
        load.incrementAndGet();
        return Optional.of(new Use(this, permit, nanos.getAsLong()));
    }

    void await(Use use) {
        waiting.add(use);
    }

    void answered(Use use) {
        waiting.remove(use);
        heardAt = nanos.getAsLong();
        answered.increment();
        long time = heardAt - use.begun();
        meanNanos.updateAndGet(mean -> mean == 0 ? time : mean + ((time - mean) >> MEAN_SHIFT));
    }

    void succeeded(Use use) {
        breaker.succeeded(use.permit());
    }

    /**
     * A server that has said nothing to anybody since the request that timed out is dead, not slow.
     * One that has answered others since and has closed the connection of this request minds the
     * request, and is not left alone for it.
     */
    void failed(Use use, OriginFailure why) {
        waiting.remove(use);
        failed.increment();
        lastFailure = Optional.of(why);
        boolean heard = heardAt - use.begun() > 0;
        boolean silent = why.kind() == OriginFailure.Kind.TIMEOUT && !heard;
        if (heard && why.kind() == OriginFailure.Kind.UNREACHABLE) {
            breaker.abandoned(use.permit());
        } else if (breaker.failed(use.permit(), silent)) {
            LOG.warn("origin {} is left alone: {}", id(), why.getMessage());
            if (silent) {
                leave(why);
            }
        }
    }

    void abandoned(Use use) {
        waiting.remove(use);
        breaker.abandoned(use.permit());
    }

    void released() {
        load.decrementAndGet();
    }

    void probed(Optional<OriginFailure> bad) {
        if (bad.isEmpty()) {
            heardAt = nanos.getAsLong();
            if (lastFailure.map(OriginFailure::kind).orElse(null)
                    == OriginFailure.Kind.UNREACHABLE) {
                breaker.reconsider();
            }
        }
        if (health.probed(bad.isEmpty())) {
            bad.ifPresentOrElse(
                    why -> {
                        lastFailure = Optional.of(why);
                        LOG.warn("origin {} is down: {}", id(), why.getMessage());
                        leave(why);
                    },
                    () -> LOG.info("origin {} is up", id()));
        }
    }

    /** Lets those who wait go elsewhere, where that is safe. */
    private void leave(OriginFailure why) {
        waiting.forEach(use -> use.leave(why));
    }
}
