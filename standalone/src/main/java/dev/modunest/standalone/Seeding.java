package dev.modunest.standalone;

import dev.modunest.db.BulkPlugin;
import dev.modunest.db.BulkStore;
import dev.modunest.db.Database;
import dev.modunest.db.DatabaseConfig;
import dev.modunest.db.Partition;
import dev.modunest.db.PartitionedTable;
import dev.modunest.db.Transaction;
import dev.modunest.loader.cli.Progress;
import dev.modunest.standalone.synthetic.Shape;
import dev.modunest.standalone.synthetic.SyntheticRegistry;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Writes a synthetic registry into an empty index. */
final class Seeding {

    private static final Duration STATEMENT_AT_MOST = Duration.ofMinutes(30);
    private static final int PLUGINS_AT_ONCE = 1_000;

    private final DatabaseConfig config;
    private final SyntheticRegistry registry;
    private final Shape shape;
    private final PrintStream progress;

    Seeding(DatabaseConfig config, SyntheticRegistry registry, Shape shape, PrintStream progress) {
        this.config = config.patient(STATEMENT_AT_MOST);
        this.registry = registry;
        this.shape = shape;
        this.progress = progress;
    }

    /** Returns false, and nothing is changed, when the index has a plugin. */
    boolean run(Instant now) {
        try (Database database = Database.open(config)) {
            boolean filled = database.inTransaction(tx -> fill(tx, now));
            if (filled) {
                progress.println("telling the planner");
                database.read(
                        tx -> {
                            tx.bulk().analyze();
                            return true;
                        });
            }
            return filled;
        }
    }

    private boolean fill(Transaction tx, Instant now) {
        BulkStore bulk = tx.bulk();
        Optional<BulkStore.Begun> begun = bulk.begin();
        if (begun.isEmpty()) {
            return false;
        }
        bulk.addNamespaces(registry.accounts(), registry.namespaces(), registry.begin());
        makePartitions(tx);
        BulkStore.Next next = copy(bulk, begun.get().next());
        progress.println("ranking");
        tx.ranking().refresh(0, next.plugin(), now);
        try (Progress indexing =
                Progress.start(progress, "indexing", begun.get().indexes().size(), "indexes")) {
            bulk.end(begun.get(), next, () -> indexing.step(1));
        }
        return true;
    }

    private void makePartitions(Transaction tx) {
        List<Partition> there = tx.partitions().list(PartitionedTable.DOWNLOADS);
        registry.downloadDays().stream()
                .map(day -> Partition.of(PartitionedTable.DOWNLOADS, day))
                .filter(partition -> !there.contains(partition))
                .forEach(partition -> tx.partitions().create(partition, 0));
    }

    /** Makes the next plugins up while Postgres takes the ones before. */
    private BulkStore.Next copy(BulkStore bulk, BulkStore.Next first) {
        BulkStore.Next next = first;
        try (Progress copying = Progress.start(progress, "copying", shape.releases(), "releases")) {
            CompletableFuture<List<BulkPlugin>> making = make(0);
            for (int place = 0; place < shape.plugins(); place += PLUGINS_AT_ONCE) {
                List<BulkPlugin> made = making.join();
                making = make(place + PLUGINS_AT_ONCE);
                next = bulk.add(made, next);
                copying.step(made.stream().mapToLong(plugin -> plugin.releases().size()).sum());
            }
        }
        return next;
    }

    private CompletableFuture<List<BulkPlugin>> make(int from) {
        return CompletableFuture.supplyAsync(
                () ->
                        IntStream.range(from, Math.min(from + PLUGINS_AT_ONCE, shape.plugins()))
                                .mapToObj(registry::inPlace)
                                .toList(),
                Thread.ofVirtual()::start);
    }
}
