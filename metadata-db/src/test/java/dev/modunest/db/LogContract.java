package dev.modunest.db;

import static dev.modunest.db.TestIndex.NOW;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.db.RetentionStore.Expiring;
import dev.modunest.db.trust.Leaf;
import dev.modunest.db.trust.LeafKind;
import dev.modunest.db.trust.LogShard;
import dev.modunest.db.trust.LogShard.TreeHead;
import dev.modunest.db.trust.NewLeaf;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** The transparency log in the index, and who may write it. */
abstract class LogContract {

    private static final String SHARD = "2026";
    private static final String ORIGIN = "registry.example.com/log/2026";
    private static final Coordinate RELEASE = Coordinate.parse("acme/markdown@1.2.3");
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private TestIndex index;
    private Database database;

    abstract TestPostgres server();

    @BeforeEach
    void open() {
        index = new TestIndex(server());
        database = index.database();
        open(ORIGIN);
    }

    @AfterEach
    void close() {
        index.close();
    }

    private void open(String origin) {
        database.<Boolean>inTransaction(
                tx -> {
                    tx.log().open(SHARD, origin, leaf("begin", LeafKind.GENESIS));
                    return true;
                });
    }

    private static NewLeaf leaf(String text, LeafKind kind) {
        return new NewLeaf(
                kind,
                text.getBytes(StandardCharsets.UTF_8),
                "{}",
                payload(text),
                kind == LeafKind.GENESIS || kind == LeafKind.ACT
                        ? Optional.empty()
                        : Optional.of(RELEASE),
                NOW);
    }

    private static Digest payload(String text) {
        return Digest.ofBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private NewLeaf append(String text, LeafKind kind) {
        NewLeaf leaf = leaf(text, kind);
        database.<Boolean>inTransaction(
                tx -> {
                    tx.log().append(SHARD, leaf);
                    return true;
                });
        return leaf;
    }

    private LogShard shard() {
        return database.read(tx -> tx.log().get(SHARD));
    }

    private List<Leaf> leaves(long start, int limit) {
        return database.read(tx -> tx.log().leaves(SHARD, start, limit));
    }

    @Test
    void aLogBeginsOnceAndIsOfOneRegistry() {
        open(ORIGIN);
        assertThat(shard().size()).isEqualTo(1);
        assertThat(leaves(0, 10))
                .singleElement()
                .extracting(Leaf::kind)
                .isEqualTo(LeafKind.GENESIS);
        assertThat(shard().origin()).isEqualTo(ORIGIN);
        assertThat(shard().checkpoint()).isEmpty();
        assertThatThrownBy(() -> open("other.example.com/log/2026"))
                .hasMessageContaining("belong to different registries");
        assertThatThrownBy(() -> database.read(tx -> tx.log().get("2027")))
                .hasMessageContaining("is not open");
    }

    @Test
    void leavesHaveIndexesWithoutAGapWhoeverAppends() throws Exception {
        List<Callable<Boolean>> publishes = new ArrayList<>();
        List<NewLeaf> appended = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            NewLeaf first = leaf("first " + i, LeafKind.PUBLISHER);
            NewLeaf second = leaf("second " + i, LeafKind.REGISTRY);
            appended.addAll(List.of(first, second));
            boolean fails = i % 4 == 3;
            publishes.add(() -> publish(first, second, fails));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> done : threads.invokeAll(publishes)) {
                assertThat(done.get()).isTrue();
            }
        }
        assertThat(shard().size()).isEqualTo(61);
        assertThat(leaves(0, 100))
                .extracting(Leaf::index)
                .containsExactlyElementsOf(LongStream.range(0, 61).boxed().toList());
        List<Leaf> all = leaves(0, 100);
        IntStream.range(0, 40)
                .filter(i -> i % 4 != 3)
                .forEach(
                        i -> {
                            NewLeaf first = appended.get(2 * i);
                            assertThat(all.get((int) first.index()).entry())
                                    .asString(StandardCharsets.UTF_8)
                                    .isEqualTo("first " + i);
                            assertThat(appended.get(2 * i + 1).index())
                                    .isEqualTo(first.index() + 1);
                        });
    }

    private boolean publish(NewLeaf first, NewLeaf second, boolean fails) {
        try {
            return database.<Boolean>inTransaction(
                    tx -> {
                        tx.log().append(SHARD, first);
                        tx.log().append(SHARD, second);
                        if (fails) {
                            throw new IllegalArgumentException("rolled back");
                        }
                        return true;
                    });
        } catch (IllegalArgumentException rolledBack) {
            return fails;
        }
    }

    @Test
    void aLeafIsReadAsItWasWritten() {
        NewLeaf written = append("statement", LeafKind.PUBLISHER);
        assertThat(written.index()).isEqualTo(1);
        Leaf read = leaves(1, 1).getFirst();
        assertThat(read.entry()).asString(StandardCharsets.UTF_8).isEqualTo("statement");
        assertThat(read.kind()).isEqualTo(LeafKind.PUBLISHER);
        assertThat(read.bundle()).isEqualTo("{}");
        assertThat(read.release()).contains(RELEASE);
        assertThat(read.at()).isEqualTo(NOW);
        assertThat(database.<Optional<Leaf>>read(tx -> tx.log().findPayload(payload("statement"))))
                .get()
                .extracting(Leaf::index)
                .isEqualTo(1L);
        assertThat(database.<Optional<Leaf>>read(tx -> tx.log().findPayload(payload("none"))))
                .isEmpty();
        assertThat(append("act", LeafKind.ACT).index()).isEqualTo(2);
        assertThat(leaves(2, 1).getFirst().release()).isEmpty();
    }

    @Test
    void nobodyChangesALeaf() throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(
                                index.config().url(),
                                index.config().user(),
                                index.config().password().value());
                Statement statement = connection.createStatement()) {
            for (String change :
                    List.of(
                            "update log_leaves set bundle = '[]'",
                            "delete from log_leaves",
                            "truncate log_leaves cascade")) {
                assertThatThrownBy(() -> statement.execute(change))
                        .hasMessageContaining("append-only");
            }
        }
    }

    @Test
    void outsideATransactionNothingIsAppendedAndNoIndexIsKnownBefore() {
        NewLeaf leaf = leaf("x", LeafKind.ACT);
        assertThatThrownBy(
                        () ->
                                database.<Boolean>read(
                                        tx -> {
                                            tx.log().append(SHARD, leaf);
                                            return true;
                                        }))
                .hasMessageContaining("in no transaction");
        assertThatThrownBy(leaf::index).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(
                        () ->
                                database.<Boolean>inTransaction(
                                        tx -> {
                                            tx.log().append(SHARD, leaf);
                                            tx.log().append("2027", leaf);
                                            return true;
                                        }))
                .hasMessageContaining("one shard");
    }

    @Test
    void twoRootsAreNeverSignedForOneSize() {
        append("a", LeafKind.ACT);
        append("b", LeafKind.ACT);
        long fence = takeOver();
        assertThat(sign(fence, 2, "root of two")).isTrue();
        assertThat(sign(fence, 2, "root of two")).as("again after a crash").isTrue();
        assertThat(sign(fence, 2, "another root")).isFalse();
        assertThat(sign(fence, 1, "a smaller tree")).isFalse();
        assertThat(publish(fence, "checkpoint of two")).isTrue();
        assertThat(shard().publishedSize()).isEqualTo(2);
        assertThat(shard().checkpoint()).contains("checkpoint of two");
        assertThat(sign(fence, 3, "root of three")).isTrue();
        assertThat(shard().signed()).isEqualTo(new TreeHead(3, "root of three"));
        assertThat(shard().publishedSize()).isEqualTo(2);
    }

    @Test
    void whoWasTakenOverFromWritesNothing() {
        long old = takeOver();
        long fence = takeOver();
        assertThat(sign(old, 1, "root")).isFalse();
        assertThat(sign(fence, 1, "root")).isTrue();
        assertThat(publish(old, "checkpoint")).isFalse();
        assertThat(shard().checkpoint()).isEmpty();
    }

    private long takeOver() {
        return database.inTransaction(tx -> tx.log().takeOver(SHARD));
    }

    private boolean sign(long fence, long size, String root) {
        return database.<Boolean>inTransaction(
                tx -> tx.log().sign(SHARD, fence, new TreeHead(size, root)));
    }

    private boolean publish(long fence, String checkpoint) {
        return database.<Boolean>inTransaction(tx -> tx.log().publish(SHARD, fence, checkpoint));
    }

    @Test
    void oneServerHasTheLockUntilItsConnectionEnds() {
        DatabaseConfig config = index.config();
        WriterLock first =
                WriterLock.tryTake(WriterLock.Subject.LOG, config, PATIENCE).orElseThrow();
        assertThat(WriterLock.tryTake(WriterLock.Subject.LOG, config, PATIENCE)).isEmpty();
        first.requireHeld();
        first.close();
        assertThatThrownBy(first::requireHeld).isInstanceOf(DatabaseException.class);
        Optional<WriterLock> second = Optional.empty();
        while (second.isEmpty()) {
            second = WriterLock.tryTake(WriterLock.Subject.LOG, config, PATIENCE);
        }
        second.get().close();
    }

    @Test
    void serversHearOfLeavesAndCheckpoints() {
        try (OutboxListener listener = OutboxListener.open(index.config(), PATIENCE)) {
            append("a", LeafKind.ACT);
            assertThat(listener.await(PATIENCE))
                    .containsExactly(OutboxListener.Signal.LEAVES_APPENDED);
            publish(takeOver(), "checkpoint");
            assertThat(listener.await(PATIENCE))
                    .containsExactly(OutboxListener.Signal.CHECKPOINT_PUBLISHED);
        }
    }

    @Test
    void anUploadedBundleIsKeptForAWhile() {
        Digest digest = payload("bundle");
        Account alice =
                database.inTransaction(
                        tx -> tx.accounts().insert("alice", false, NOW).orElseThrow());
        for (int time = 0; time < 2; time++) {
            database.<Boolean>inTransaction(
                    tx -> {
                        tx.uploadedBundles().put(digest, alice.id(), "{\"a\":1}", NOW);
                        return true;
                    });
        }
        assertThat(database.<Optional<String>>read(tx -> tx.uploadedBundles().find(digest)))
                .contains("{\"a\":1}");
        int deleted =
                database.inTransaction(
                        tx ->
                                tx.retention()
                                        .delete(Expiring.UPLOADED_BUNDLES, NOW.plusSeconds(1), 10));
        assertThat(deleted).isEqualTo(1);
        assertThat(database.<Optional<String>>read(tx -> tx.uploadedBundles().find(digest)))
                .isEmpty();
    }
}
