package dev.modunest.db;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The replicas, what watches them, and the bar that reads there must pass. Thread-safe. */
final class ReplicaSet implements AutoCloseable {

    private final ReadBar bar = new ReadBar();
    private final PrimaryLog primary = new PrimaryLog();
    private final List<Replica> replicas;
    private final List<Watch> watches;
    private final Optional<Watch> primaryWatch;
    private final AtomicInteger turn = new AtomicInteger();

    private ReplicaSet(DatabaseConfig config, List<Replica> replicas) {
        this.replicas = replicas;
        this.watches = new ArrayList<>();
        for (int i = 0; i < replicas.size(); i++) {
            watches.add(watch(config, config.replicas().get(i), replicas.get(i)));
        }
        this.primaryWatch =
                replicas.isEmpty() ? Optional.empty() : Optional.of(watchPrimary(config));
    }

    /** Without replicas nothing is watched. A replica that is away at the start comes later. */
    static ReplicaSet open(DatabaseConfig config, StatementTimes times) {
        List<Replica> replicas =
                config.replicas().stream()
                        .map(url -> ConnectionPool.ofReplica(url, config, times))
                        .map(pool -> new Replica(pool, config.replicaMaxLag()))
                        .toList();
        return new ReplicaSet(config, replicas);
    }

    private Watch watch(DatabaseConfig config, String url, Replica replica) {
        return Watch.start(
                "replica-" + replica.server(),
                config.replicaCheck(),
                new ReplicaWatch(
                        new WatchedServer(url, config),
                        replica,
                        primary,
                        bar,
                        config.replicaMaxLag()));
    }

    private Watch watchPrimary(DatabaseConfig config) {
        List<Watch> followers = List.copyOf(watches);
        return Watch.start(
                "primary-position",
                config.replicaCheck(),
                new PrimaryWatch(
                        new WatchedServer(config.url(), config),
                        primary,
                        bar,
                        () -> followers.forEach(Watch::wake)));
    }

    /** What was committed before this call is seen by every later read on a replica. */
    void committed() {
        bar.committed();
        primaryWatch.ifPresent(Watch::wake);
    }

    void raiseBar(LogPosition position) {
        bar.raise(position);
        watches.forEach(Watch::wake);
    }

    /** A replica that serves now, in turn; empty: the primary has to. */
    Optional<Replica> choose() {
        if (replicas.isEmpty()) {
            return Optional.empty();
        }
        long now = System.nanoTime();
        int first = Math.floorMod(turn.getAndIncrement(), replicas.size());
        for (int i = 0; i < replicas.size(); i++) {
            Replica replica = replicas.get((first + i) % replicas.size());
            if (replica.serves(bar, now)) {
                return Optional.of(replica);
            }
        }
        return Optional.empty();
    }

    List<ReplicaStatistics> statistics() {
        long now = System.nanoTime();
        return replicas.stream()
                .map(replica -> replica.statistics(bar, primary.newest(), now))
                .toList();
    }

    @Override
    public void close() {
        primaryWatch.ifPresent(Watch::close);
        watches.forEach(Watch::close);
        replicas.forEach(Replica::close);
    }
}
