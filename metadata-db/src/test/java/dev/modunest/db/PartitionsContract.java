package dev.modunest.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.db.RetentionStore.Expiring;
import dev.modunest.format.PluginId;

import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** What the stores of partitions, retention and statistics promise on every supported server. */
abstract class PartitionsContract {

    private static final Instant NOW = Instant.parse("2026-11-24T23:59:59.999999Z");
    private static final Instant LATER = NOW.plus(Duration.ofDays(800));
    private static final LocalDate TODAY = LocalDate.ofInstant(NOW, ZoneOffset.UTC);
    private static final PluginId MARKDOWN = PluginId.parse("acme/markdown");
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final long MANY = 1_000;

    private Database database;
    private Jdbi jdbi;

    abstract TestPostgres server();

    @BeforeEach
    void open() {
        DatabaseConfig config = server().newDatabase();
        database = Database.open(config);
        jdbi = Jdbi.create(config.url(), config.user(), config.password().value());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void rowsOfANewPartitionLeaveTheDefaultPartition() {
        for (PartitionedTable table : PartitionedTable.values()) {
            insert(table, NOW);
            insert(table, NOW.minus(Duration.ofDays(40)));
            Partition partition = Partition.of(table, TODAY);
            assertThat(firstInDefault(table, TODAY.withDayOfMonth(1))).containsExactly(partition);

            assertThat(create(partition)).hasValue(1);

            assertThat(list(table)).containsExactly(partition);
            assertThat(rowsInDefault(table)).isEqualTo(1);
            assertThat(rows(table.table())).isEqualTo(2);
            assertThat(rows(partition.name())).isEqualTo(1);
            insert(table, NOW);
            assertThat(rows(partition.name())).isEqualTo(2);
            assertThat(firstInDefault(table, TODAY.withDayOfMonth(1))).isEmpty();
        }
    }

    @Test
    void theBoundsAreThoseOfTheDayInUtc() {
        Partition today = Partition.of(PartitionedTable.OUTBOX, TODAY);
        create(today);
        insert(PartitionedTable.OUTBOX, NOW);
        insert(PartitionedTable.OUTBOX, Instant.parse("2026-11-24T00:00:00Z"));
        assertThat(rowsInDefault(PartitionedTable.OUTBOX)).isZero();
        insert(PartitionedTable.OUTBOX, Instant.parse("2026-11-25T00:00:00Z"));
        assertThat(firstInDefault(PartitionedTable.OUTBOX, TODAY)).containsExactly(today.next());
    }

    @Test
    void moreRowsThanMayBeMovedStayWhereTheyAre() {
        insert(PartitionedTable.AUDIT, NOW);
        insert(PartitionedTable.AUDIT, NOW);
        Partition partition = Partition.of(PartitionedTable.AUDIT, TODAY);
        assertThat(database.<OptionalLong>inTransaction(tx -> tx.partitions().create(partition, 1)))
                .isEmpty();
        assertThat(list(PartitionedTable.AUDIT)).isEmpty();
        assertThat(rowsInDefault(PartitionedTable.AUDIT)).isEqualTo(2);
    }

    @Test
    void aPartitionIsDroppedOrSetAside() {
        for (PartitionedTable table : PartitionedTable.values()) {
            Partition first = Partition.of(table, TODAY);
            Partition second = first.next();
            create(first);
            create(second);
            insert(table, NOW);
            insert(table, second.to().atStartOfDay(ZoneOffset.UTC).toInstant().minusSeconds(1));
            String kept = database.inTransaction(tx -> tx.partitions().setAside(first, LATER));
            assertThat(list(table)).containsExactly(second);
            assertThat(rows(kept)).isEqualTo(1);
            database.inTransaction(
                    tx -> {
                        tx.partitions().drop(second, LATER);
                        return true;
                    });
            assertThat(list(table)).isEmpty();
            assertThat(rows(table.table()))
                    .as("the audit tells what became of it")
                    .isEqualTo(table == PartitionedTable.AUDIT ? 2 : 0);
            assertThat(create(first)).as("made again").hasValue(0);
        }
    }

    @Test
    void oneServerChangesPartitionsAtATime() {
        boolean other =
                database.inTransaction(
                        tx -> {
                            assertThat(tx.partitions().begin(LOCK_TIMEOUT)).isTrue();
                            return elsewhere(second -> second.partitions().begin(LOCK_TIMEOUT));
                        });
        assertThat(other).isFalse();
        assertThat(database.<Boolean>inTransaction(tx -> tx.partitions().begin(LOCK_TIMEOUT)))
                .isTrue();
    }

    @Test
    void aWriterIsWaitedForNoLongerThanTheLockTimeout() {
        Partition partition = Partition.of(PartitionedTable.OUTBOX, TODAY);
        database.inTransaction(
                tx -> {
                    tx.outbox().append("release.published", MARKDOWN, "{}", NOW);
                    assertThatThrownBy(
                                    () ->
                                            elsewhere(
                                                    other -> {
                                                        other.partitions().begin(SHORT);
                                                        return other.partitions()
                                                                .create(partition, MANY);
                                                    }))
                            .isInstanceOfSatisfying(
                                    DatabaseException.class,
                                    failed -> assertThat(failed.isUnavailable()).isTrue());
                    return true;
                });
        assertThat(create(partition)).hasValue(1);
    }

    @Test
    void writersAndReadersLoseNothingWhilePartitionsComeAndGo() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong appended = new AtomicLong();
        CountDownLatch begun = new CountDownLatch(3);
        List<Future<?>> others = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int writer = 0; writer < 3; writer++) {
                int days = writer;
                others.add(
                        threads.submit(
                                () -> {
                                    while (!stop.get()) {
                                        insert(
                                                PartitionedTable.OUTBOX,
                                                NOW.plus(Duration.ofDays(days)));
                                        appended.incrementAndGet();
                                        begun.countDown();
                                    }
                                }));
            }
            others.add(
                    threads.submit(
                            () -> {
                                while (!stop.get()) {
                                    assertThat(
                                                    number(
                                                            "select coalesce(max(serial), 0) - count(*) from outbox"))
                                            .as("serials that a reader misses")
                                            .isZero();
                                }
                            }));
            begun.await();
            Partition partition = Partition.of(PartitionedTable.OUTBOX, TODAY);
            for (int day = 0; day < 20; day++, partition = partition.next()) {
                create(partition);
            }
            Partition last = Partition.of(PartitionedTable.OUTBOX, TODAY.plusDays(3));
            for (int day = 3; day < 20; day++, last = last.next()) {
                Partition expired = last;
                database.inTransaction(
                        tx -> {
                            tx.partitions().begin(LOCK_TIMEOUT);
                            tx.partitions().drop(expired, LATER);
                            return true;
                        });
            }
            stop.set(true);
            for (Future<?> other : others) {
                other.get();
            }
        }
        assertThat(rows("outbox")).isEqualTo(appended.get());
        assertThat(rowsInDefault(PartitionedTable.OUTBOX)).isZero();
        assertThat(number("select max(serial) from outbox")).isEqualTo(appended.get());
    }

    @Test
    void oldRowsOfTheDefaultPartitionAreDeletedInBatches() {
        for (int day = 1; day <= 3; day++) {
            insert(PartitionedTable.OUTBOX, NOW.minus(Duration.ofDays(day)));
        }
        LocalDate before = TODAY.minusDays(1);
        assertThat(deleteFromDefault(before, 1)).isEqualTo(1);
        assertThat(deleteFromDefault(before, 5)).isEqualTo(1);
        assertThat(deleteFromDefault(before, 5)).isZero();
        assertThat(rowsInDefault(PartitionedTable.OUTBOX)).isEqualTo(1);
    }

    @Test
    void whatIsOldIsDeletedInBatchesAndAnUnfinishedPublishIsNot() {
        long account =
                database.inTransaction(
                        tx -> tx.accounts().insert("alice", false, NOW).orElseThrow().id());
        execute(
                """
                insert into publishes (id, account_id, namespace, name, version, state, staging_key, created_at, updated_at)
                select gen_random_uuid(), ?, 'acme', 'markdown', '1.0.0', state, 'k', at, at
                from unnest(array['live', 'live', 'queued']) state, unnest(array['2026-01-01'::timestamptz, '2026-12-01']) at
                """,
                account);
        execute(
                "insert into idempotency_keys values (?, 'k', 'f', 201, '{}', '', '2026-01-01')",
                account);
        execute("insert into download_sources values ('edge', 1, '2026-01-01')");
        assertThat(delete(Expiring.PUBLISHES, 1)).isEqualTo(1);
        assertThat(delete(Expiring.PUBLISHES, 9)).isEqualTo(1);
        assertThat(delete(Expiring.PUBLISHES, 9)).isZero();
        assertThat(rows("publishes")).isEqualTo(4);
        assertThat(delete(Expiring.IDEMPOTENCY_KEYS, 9)).isEqualTo(1);
        assertThat(delete(Expiring.DOWNLOAD_SOURCES, 9)).isEqualTo(1);
    }

    @Test
    void statisticsNameEveryTableAndPartition() {
        Partition partition = Partition.of(PartitionedTable.OUTBOX, TODAY);
        create(partition);
        insert(PartitionedTable.OUTBOX, NOW);
        List<TableStatistics> tables = database.read(tx -> tx.statistics().tables());
        assertThat(tables)
                .filteredOn(TableStatistics::isPartition)
                .extracting(TableStatistics::name)
                .containsExactlyInAnyOrder(
                        "outbox_default", "downloads_default", "audit_default", partition.name());
        assertThat(tables)
                .filteredOn(table -> table.name().equals(partition.name()))
                .singleElement()
                .satisfies(
                        table -> {
                            assertThat(table.table()).isEqualTo("outbox");
                            assertThat(table.tableBytes()).isPositive();
                            assertThat(table.indexBytes()).isPositive();
                        });
        assertThat(tables).extracting(TableStatistics::table).contains("releases", "plugins");
    }

    private void insert(PartitionedTable table, Instant at) {
        switch (table) {
            case OUTBOX ->
                    database.inTransaction(
                            tx -> tx.outbox().append("release.published", MARKDOWN, "{}", at));
            case DOWNLOADS ->
                    execute(
                            "insert into downloads values (?, 1, (random() * 1e9)::bigint, 1)",
                            LocalDate.ofInstant(at, ZoneOffset.UTC));
            case AUDIT ->
                    execute(
                            "insert into audit (at, account, action, subject) values (?, 'alice', 'yank', 'acme/x')",
                            at);
        }
    }

    /** In a transaction beside the one that this thread is in. */
    private <T> T elsewhere(Database.Work<T> work) {
        try {
            return CompletableFuture.supplyAsync(() -> database.inTransaction(work)).join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof DatabaseException told ? told : failed;
        }
    }

    private void execute(String sql, Object... values) {
        jdbi.useHandle(handle -> handle.execute(sql, values));
    }

    private long number(String sql) {
        return jdbi.withHandle(handle -> handle.createQuery(sql).mapTo(long.class).one());
    }

    private OptionalLong create(Partition partition) {
        return database.inTransaction(
                tx -> {
                    assertThat(tx.partitions().begin(LOCK_TIMEOUT)).isTrue();
                    return tx.partitions().create(partition, MANY);
                });
    }

    private List<Partition> list(PartitionedTable table) {
        return database.read(tx -> tx.partitions().list(table));
    }

    private List<Partition> firstInDefault(PartitionedTable table, LocalDate from) {
        return database.read(tx -> tx.partitions().firstInDefault(table, from).stream().toList());
    }

    private long rowsInDefault(PartitionedTable table) {
        return database.read(tx -> tx.statistics().rowsInDefault(table, 100));
    }

    private int deleteFromDefault(LocalDate before, int limit) {
        return database.inTransaction(
                tx ->
                        tx.partitions()
                                .deleteFromDefault(PartitionedTable.OUTBOX, before, limit, LATER));
    }

    private int delete(Expiring rows, int limit) {
        return database.inTransaction(tx -> tx.retention().delete(rows, NOW, limit));
    }

    private long rows(String table) {
        return number("select count(*) from " + table);
    }
}
