package dev.modunest.server.statistics;

import dev.modunest.db.Partition;
import dev.modunest.db.PartitionedTable;
import dev.modunest.db.PluginDownloads;
import dev.modunest.db.TableStatistics;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.GaugeMetricFamily;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The size of the index at one moment, as metrics. */
record IndexSize(
        Instant at,
        List<TableStatistics> tables,
        Map<PartitionedTable, List<Partition>> partitions,
        Map<PartitionedTable, Long> rowsInDefault,
        List<PluginDownloads> downloads) {

    /** Before Postgres was asked for the first time. */
    static final IndexSize NONE =
            new IndexSize(Instant.EPOCH, List.of(), Map.of(), Map.of(), List.of());

    List<MetricFamilySamples> families() {
        GaugeMetricFamily collected =
                new GaugeMetricFamily(
                        "modunest_statistics_collected_timestamp_seconds",
                        "When the sizes of the index were asked for, Unix time.",
                        (double) at.getEpochSecond());
        return List.of(
                collected,
                bytes(),
                rows(),
                partitionBytes(),
                partitionCount(),
                partitionBounds(),
                defaultRows(),
                pluginDownloads());
    }

    private GaugeMetricFamily bytes() {
        GaugeMetricFamily family =
                new GaugeMetricFamily(
                        "modunest_table_bytes",
                        "Bytes on disk by table, all its partitions together.",
                        List.of("table", "kind"));
        sum(TableStatistics::tableBytes).forEach((table, sum) -> add(family, sum, table, "table"));
        sum(TableStatistics::indexBytes)
                .forEach((table, sum) -> add(family, sum, table, "indexes"));
        return family;
    }

    private GaugeMetricFamily rows() {
        GaugeMetricFamily family =
                new GaugeMetricFamily(
                        "modunest_table_rows",
                        "Rows by table as Postgres estimates them; dead: not vacuumed yet.",
                        List.of("table", "state"));
        sum(TableStatistics::liveRows).forEach((table, sum) -> add(family, sum, table, "live"));
        sum(TableStatistics::deadRows).forEach((table, sum) -> add(family, sum, table, "dead"));
        return family;
    }

    private GaugeMetricFamily partitionBytes() {
        GaugeMetricFamily family =
                new GaugeMetricFamily(
                        "modunest_partition_bytes",
                        "Bytes on disk by partition, indexes included.",
                        List.of("table", "partition"));
        tables.stream()
                .filter(TableStatistics::isPartition)
                .forEach(
                        partition ->
                                add(
                                        family,
                                        partition.tableBytes() + partition.indexBytes(),
                                        partition.table(),
                                        partition.name()));
        return family;
    }

    private GaugeMetricFamily partitionCount() {
        GaugeMetricFamily family =
                new GaugeMetricFamily(
                        "modunest_partitions",
                        "Partitions by table, without the default.",
                        List.of("table"));
        partitions.forEach((table, list) -> add(family, list.size(), table.table()));
        return family;
    }

    private GaugeMetricFamily partitionBounds() {
        GaugeMetricFamily family =
                new GaugeMetricFamily(
                        "modunest_partition_bound_timestamp_seconds",
                        "Begin of the oldest and end of the newest partition, Unix time.",
                        List.of("table", "bound"));
        partitions.forEach(
                (table, list) -> {
                    if (!list.isEmpty()) {
                        add(family, seconds(list.getFirst().from()), table.table(), "oldest");
                        add(family, seconds(list.getLast().to()), table.table(), "newest");
                    }
                });
        return family;
    }

    private GaugeMetricFamily defaultRows() {
        GaugeMetricFamily family =
                new GaugeMetricFamily(
                        "modunest_default_partition_rows",
                        "Rows that no partition but the default holds, counted up to "
                                + IndexStatistics.MOST_COUNTED
                                + ".",
                        List.of("table"));
        rowsInDefault.forEach((table, rows) -> add(family, rows, table.table()));
        return family;
    }

    private GaugeMetricFamily pluginDownloads() {
        GaugeMetricFamily family =
                new GaugeMetricFamily(
                        "modunest_plugin_downloads",
                        "Downloads in 30 days of the most downloaded plugins.",
                        List.of("plugin"));
        downloads.forEach(plugin -> add(family, plugin.downloads(), plugin.plugin()));
        return family;
    }

    private static long seconds(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
    }

    private interface Figure {
        long of(TableStatistics table);
    }

    private Map<String, Long> sum(Figure figure) {
        Map<String, Long> sums = new TreeMap<>();
        tables.forEach(table -> sums.merge(table.table(), figure.of(table), Long::sum));
        return sums;
    }

    private static void add(GaugeMetricFamily family, long value, String... labels) {
        family.addMetric(List.of(labels), (double) value);
    }
}
