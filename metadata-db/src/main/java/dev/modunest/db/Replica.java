package dev.modunest.db;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** A server that follows the primary, as this process sees it. Thread-safe. */
final class Replica implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

    /** A state and the time up to which everything committed is replayed. */
    private record Seen(ReplicaState state, long asOfNanos) {}

    private final ConnectionPool pool;
    private final long maxLagNanos;
    private final LongAdder reads = new LongAdder();
    private volatile Seen seen =
            new Seen(new ReplicaState.Unreachable("not yet asked"), System.nanoTime());

    Replica(ConnectionPool pool, Duration maxLag) {
        this.pool = pool;
        this.maxLagNanos = maxLag.toNanos();
    }

    /** Its host and port. */
    String server() {
        return pool.server();
    }

    /** Whether a read there misses nothing that it must see, and nothing older than the limit. */
    boolean serves(ReadBar bar, long nowNanos) {
        Seen now = seen;
        return now.state() instanceof ReplicaState.Following(LogPosition replayed)
                && bar.isReachedBy(replayed)
                && nowNanos - now.asOfNanos() <= maxLagNanos
                && pool.isConnected();
    }

    <T> T read(Database.Work<T> work) {
        T result = pool.read(work);
        reads.increment();
        return result;
    }

    /**
     * Judges what a read failed with: when the server is gone it is left out until the next check.
     *
     * @return whether the read is worth repeating on the primary
     */
    boolean isToBlameFor(DatabaseException failure) {
        if (failure.isConnectionFailure()) {
            lost(String.valueOf(failure.getMessage()));
        }
        return failure.isUnavailable() && !failure.isStatementTimeout();
    }

    /** Takes in what a check found, and says so when it changes whether reads go there. */
    void saw(ReplicaState state, long asOfNanos) {
        ReplicaState before = seen.state();
        seen = new Seen(state, asOfNanos);
        if (before.getClass() != state.getClass()) {
            if (state instanceof ReplicaState.Unreachable) {
                pool.evictConnections();
            }
            tell(state);
        }
    }

    /** It did not answer; what it has grows old from here. */
    void lost(String reason) {
        saw(new ReplicaState.Unreachable(reason), seen.asOfNanos());
    }

    private void tell(ReplicaState state) {
        switch (state) {
            case ReplicaState.Following(LogPosition replayed) ->
                    LOG.info("Replica {} follows, at {}", server(), replayed);
            case ReplicaState.Lagging(LogPosition replayed) ->
                    LOG.warn(
                            "Replica {} is left out: it is at {} and lags more than"
                                    + " database.replica_max_lag",
                            server(),
                            replayed);
            case ReplicaState.Promoted() ->
                    LOG.warn(
                            "Replica {} is left out: it was promoted and follows no primary",
                            server());
            case ReplicaState.Diverged(int timeline, int ofPrimary) ->
                    LOG.warn(
                            "Replica {} is left out: it follows timeline {} and the primary is on"
                                    + " {}",
                            server(),
                            timeline,
                            ofPrimary);
            case ReplicaState.Unreachable(String reason) ->
                    LOG.warn("Replica {} is left out: {}", server(), reason);
        }
    }

    ReplicaStatistics statistics(ReadBar bar, LogPosition primary, long nowNanos) {
        Seen now = seen;
        long behind =
                switch (now.state()) {
                    case ReplicaState.Following(LogPosition replayed) ->
                            primary.bytesSince(replayed);
                    case ReplicaState.Lagging(LogPosition replayed) -> primary.bytesSince(replayed);
                    case ReplicaState.Promoted _,
                            ReplicaState.Diverged _,
                            ReplicaState.Unreachable _ ->
                            0;
                };
        return new ReplicaStatistics(
                server(),
                now.state(),
                serves(bar, nowNanos),
                Duration.ofNanos(nowNanos - now.asOfNanos()),
                behind,
                reads.sum(),
                pool.statistics());
    }

    @Override
    public void close() {
        pool.close();
    }
}
