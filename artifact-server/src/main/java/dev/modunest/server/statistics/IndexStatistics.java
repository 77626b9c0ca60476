package dev.modunest.server.statistics;

import dev.modunest.db.Database;
import dev.modunest.db.Partition;
import dev.modunest.db.PartitionedTable;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.periodic.Jobs;
import dev.modunest.server.periodic.Periodic;

import io.prometheus.client.Collector;

import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks Postgres for the size of the index every interval and answers scrapes from memory. */
public final class IndexStatistics implements AutoCloseable {

    static final int MOST_COUNTED = 100_000;

    private final StatisticsConfig config;
    private final Database database;
    private final InstantSource clock;
    private final Periodic asking;

    private volatile Optional<IndexSize> last = Optional.empty();

    public IndexStatistics(
            StatisticsConfig config,
            Database database,
            Jobs jobs,
            Metrics metrics,
            InstantSource clock) {
        this.config = config;
        this.database = database;
        this.clock = clock;
        metrics.add(
                new Collector() {
                    @Override
                    public List<MetricFamilySamples> collect() {
                        return last.orElse(IndexSize.NONE).families();
                    }
                });
        this.asking = jobs.start("statistics", Duration.ZERO, config.interval(), this::ask);
    }

    private void ask() {
        last = Optional.of(size());
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
                            clock.instant(),
                            tx.statistics().tables(),
                            partitions,
                            rowsInDefault,
                            tx.statistics().mostDownloaded(config.topPlugins()));
                });
    }

    @Override
    public void close() {
        asking.close();
    }
}
