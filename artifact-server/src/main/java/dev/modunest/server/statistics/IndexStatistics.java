package dev.modunest.server.statistics;

import dev.modunest.db.Database;
import dev.modunest.db.DatabaseException;
import dev.modunest.db.Partition;
import dev.modunest.db.PartitionedTable;
import dev.modunest.server.metrics.Metrics;

import io.prometheus.client.Collector;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Asks Postgres for the size of the index every interval and answers scrapes from memory. */
public final class IndexStatistics implements AutoCloseable {

    static final int MOST_COUNTED = 100_000;

    private static final Logger LOG = LoggerFactory.getLogger(IndexStatistics.class);

    private final Database database;
    private final StatisticsConfig config;
    private final InstantSource clock;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("statistics").factory());

    private volatile Optional<IndexSize> last = Optional.empty();

    public IndexStatistics(
            StatisticsConfig config, Database database, Metrics metrics, InstantSource clock) {
        this.database = database;
        this.config = config;
        this.clock = clock;
        metrics.add(
                new Collector() {
                    @Override
                    public List<MetricFamilySamples> collect() {
                        return last.map(IndexSize::families).orElse(List.of());
                    }
                });
        ScheduledFuture<?> _ =
                timer.scheduleWithFixedDelay(
                        this::ask, 0, config.interval().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void ask() {
        try {
            last = Optional.of(size());
        } catch (DatabaseException failed) {
            LOG.warn("the size of the index is asked for again in {}", config.interval(), failed);
        }
    }

    private IndexSize size() {
        return database.read(
                tx -> {
                    Map<PartitionedTable, List<Partition>> partitions =
                            new EnumMap<>(PartitionedTable.class);
                    Map<PartitionedTable, Long> rowsInDefault =
                            new EnumMap<>(PartitionedTable.class);
                    for (PartitionedTable table : PartitionedTable.values()) {
                        partitions.put(table, tx.partitions().list(table));
                        rowsInDefault.put(
                                table, tx.statistics().rowsInDefault(table, MOST_COUNTED));
                    }
                    return new IndexSize(
                            clock.instant(), tx.statistics().tables(), partitions, rowsInDefault);
                });
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
