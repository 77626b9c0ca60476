package dev.modunest.server.metrics;

import dev.modunest.db.Database;
import dev.modunest.db.DatabaseException;
import dev.modunest.db.PoolStatistics;
import dev.modunest.db.ReplicaStatistics;
import dev.modunest.db.Standby;

import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToDoubleFunction;

/**
 * Pools, replicas and standbys. Reading them never waits for Postgres: the standbys are those of
 * the last time, and are asked for anew. Thread-safe.
 */
public final class DatabaseMetrics extends Collector {

    private static final String PREFIX = "modunest_database_";
    private static final double NANOS = 1e9;

    private final Database database;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile List<Standby> standbys = List.of();

    public DatabaseMetrics(Database database) {
        this.database = database;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        askForStandbys();
        List<ReplicaStatistics> replicas = database.replicaStatistics();
        return List.of(
                connections(replicas),
                perReplica(
                        "replica_serving",
                        "1 when the next read that may be stale can go there.",
                        replicas,
                        replica -> replica.serving() ? 1 : 0),
                perReplica(
                        "replica_age_seconds",
                        "Age of what the replica has, at most.",
                        replicas,
                        replica -> seconds(replica.age())),
                perReplica(
                        "replica_behind_bytes",
                        "Log that the replica has not replayed; 0 when it is not known.",
                        replicas,
                        ReplicaStatistics::bytesBehind),
                replicaReads(replicas),
                perStandby(
                        "standby_lag_seconds",
                        "Between a commit and its replay, as the primary sees it.",
                        standby -> seconds(standby.lag())),
                perStandby(
                        "standby_lag_bytes",
                        "Log that the standby has not replayed, as the primary sees it.",
                        standby -> standby.bytesBehind().orElse(-1)));
    }

    private void askForStandbys() {
        if (asking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("standbys").start(this::ask);
        }
    }

    private void ask() {
        try {
            standbys = database.standbys();
        } catch (DatabaseException _) {
            // The readiness of the server tells it; old figures would look like good ones.
            standbys = List.of();
        } finally {
            asking.set(false);
        }
    }

    private GaugeMetricFamily connections(List<ReplicaStatistics> replicas) {
        GaugeMetricFamily family =
                new GaugeMetricFamily(
                        PREFIX + "connections",
                        "Connections to Postgres by state; waiting: callers that wait for one.",
                        List.of("server", "state"));
        add(family, "primary", database.poolStatistics());
        replicas.forEach(replica -> add(family, replica.server(), replica.pool()));
        return family;
    }

    private static void add(GaugeMetricFamily family, String server, PoolStatistics pool) {
        family.addMetric(List.of(server, "active"), pool.active());
        family.addMetric(List.of(server, "idle"), pool.idle());
        family.addMetric(List.of(server, "waiting"), pool.waiting());
        family.addMetric(List.of(server, "max"), pool.max());
    }

    private static GaugeMetricFamily perReplica(
            String name,
            String help,
            List<ReplicaStatistics> replicas,
            ToDoubleFunction<ReplicaStatistics> value) {
        GaugeMetricFamily family = new GaugeMetricFamily(PREFIX + name, help, List.of("server"));
        replicas.forEach(
                replica ->
                        family.addMetric(List.of(replica.server()), value.applyAsDouble(replica)));
        return family;
    }

    private static CounterMetricFamily replicaReads(List<ReplicaStatistics> replicas) {
        CounterMetricFamily family =
                new CounterMetricFamily(
                        PREFIX + "replica_reads_total",
                        "Reads done on the replica.",
                        List.of("server"));
        replicas.forEach(
                replica -> family.addMetric(List.of(replica.server()), (double) replica.reads()));
        return family;
    }

    /** Of several with one name the worst: a name is a series. What is not known has none. */
    private GaugeMetricFamily perStandby(
            String name, String help, ToDoubleFunction<Standby> value) {
        Map<String, Double> worst = new TreeMap<>();
        for (Standby standby : standbys) {
            double now = value.applyAsDouble(standby);
            if (now >= 0) {
                worst.merge(standby.name(), now, Math::max);
            }
        }
        GaugeMetricFamily family = new GaugeMetricFamily(PREFIX + name, help, List.of("standby"));
        worst.forEach((standby, most) -> family.addMetric(List.of(standby), most));
        return family;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS;
    }
}
