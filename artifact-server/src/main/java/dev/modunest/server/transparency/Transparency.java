package dev.modunest.server.transparency;

import dev.modunest.db.Database;
import dev.modunest.db.DatabaseConfig;
import dev.modunest.db.OutboxListener.Signal;
import dev.modunest.db.Transaction;
import dev.modunest.db.WriterLock;
import dev.modunest.db.trust.NewLeaf;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.periodic.Job;
import dev.modunest.server.periodic.Jobs;
import dev.modunest.server.periodic.SoleWriter;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Wires the transparency log; what others append to and wait for. Thread-safe. */
public final class Transparency implements AutoCloseable {

    private static final Duration LOCK_ANSWER = Duration.ofSeconds(5);

    private final LogConfig config;
    private final Database database;
    private final String shard;
    private final LogHead head;
    private final LogObjects objects;
    private final Witnesses witnesses;
    private final int quorum;
    private final SoleWriter writer;

    /** What can be set of the log. */
    public record Config(LogConfig log, WitnessesConfig witnesses, DatabaseConfig database) {}

    /**
     * Opens the log, with {@code genesis} as its first leaf if it is new, and begins to write it
     * when no other server does.
     */
    public Transparency(
            Config config,
            LogKeys keys,
            NewLeaf genesis,
            Database database,
            ArtifactStore store,
            Jobs jobs,
            Metrics metrics,
            InstantSource clock) {
        this.config = config.log();
        this.database = database;
        this.shard = keys.shard();
        database.<Boolean>inTransaction(
                tx -> {
                    tx.log().open(shard, keys.origin(), genesis);
                    return true;
                });
        this.head = new LogHead(database, shard);
        this.objects = new LogObjects(store, shard, this.config.concurrency());
        this.witnesses = new Witnesses(config.witnesses());
        this.quorum = config.witnesses().quorum();
        Writing.Parts parts =
                new Writing.Parts(
                        this.config,
                        keys,
                        database,
                        objects,
                        new ReleaseFiles(keys),
                        witnesses,
                        clock);
        Job job = jobs.watch("log-writer", this.config.maxInterval());
        this.writer =
                new SoleWriter(
                        "log-writer",
                        new SoleWriter.Pace(this.config.maxInterval(), this.config.maxInterval()),
                        () ->
                                WriterLock.tryTake(
                                        WriterLock.Subject.LOG, config.database(), LOCK_ANSWER),
                        new LogWork(parts, head, job),
                        job);
        head.refresh();
        metrics.gauge(
                "modunest_log_leaves",
                "Leaves of the transparency log that everybody may see.",
                "state",
                () -> head,
                Map.<String, ToDoubleFunction<LogHead>>of(
                        "published", now -> now.published().size()));
    }

    /** How many witnesses every head has at least. */
    public int quorum() {
        return quorum;
    }

    /** Has {@code tx} append {@code leaf} as its last act. */
    public void append(Transaction tx, NewLeaf leaf) {
        tx.log().append(shard, leaf);
    }

    /** Waits until everybody may see {@code leaf}, whose transaction is over. */
    public void awaitPublished(NewLeaf leaf) {
        writer.wake();
        await(leaf.index());
    }

    /** Waits until everybody may see all that is appended now. */
    public void awaitPublished() {
        long size = database.<Long>read(tx -> tx.log().get(shard).size());
        writer.wake();
        await(size - 1);
    }

    private void await(long index) {
        if (!head.await(index, config.answerWithin())) {
            throw new Rejection(
                            ProblemCode.LOG_DELAYED,
                            "The change is made, and the transparency log does not show it after "
                                    + config.answerWithin().toSeconds()
                                    + " s; repeat the request with the same Idempotency-Key, and it is answered when the log does")
                    .with("Retry-After", "5");
        }
    }

    /** What other servers tell by. */
    public Map<Signal, Runnable> signals() {
        return Map.of(
                Signal.LEAVES_APPENDED, writer::wake,
                Signal.CHECKPOINT_PUBLISHED, head::refresh);
    }

    String shard() {
        return shard;
    }

    LogHead head() {
        return head;
    }

    @Override
    public void close() {
        writer.close();
        witnesses.close();
        objects.close();
    }
}
