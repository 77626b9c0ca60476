package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.db.Database;
import dev.modunest.db.Partition;
import dev.modunest.db.PartitionedTable;
import dev.modunest.format.PluginId;
import dev.modunest.server.housekeeping.Housekeeping;
import dev.modunest.server.housekeeping.HousekeepingConfig;
import dev.modunest.server.housekeeping.PartitionsConfig;
import dev.modunest.server.housekeeping.RetentionConfig;
import dev.modunest.settings.Settings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Partitions and retention over time, and what the metrics tell of them. */
class HousekeepingIT {

    private static final Instant BEGIN = Instant.parse("2026-11-24T10:00:00Z");
    private static final PluginId MARKDOWN = PluginId.parse("acme/markdown");
    private static final PartitionsConfig PARTITIONS =
            new PartitionsConfig(7, 2, Duration.ofMillis(300), 3);
    private static final RetentionConfig RETENTION = retention(Map.of());

    private final String url = TestBackends.newDatabase();
    private Database database;
    private volatile Instant now = BEGIN;

    @BeforeEach
    void open() {
        database =
                Database.open(
                        Settings.read(
                                        ServerConfig.class,
                                        Optional.empty(),
                                        Map.of(
                                                "MODUNEST_DATABASE_URL",
                                                url,
                                                "MODUNEST_DATABASE_USER",
                                                "postgres",
                                                "MODUNEST_DATABASE_PASSWORD",
                                                "postgres"))
                                .database());
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static RetentionConfig retention(Map<String, String> settings) {
        return Settings.read(RetentionConfig.class, Optional.empty(), settings);
    }

    private int run(RetentionConfig retention) {
        return new Housekeeping(
                        new HousekeepingConfig(Duration.ofHours(1), 2),
                        PARTITIONS,
                        retention,
                        database,
                        () -> now)
                .run()
                .postponed();
    }

    @Test
    void partitionsAreMadeAheadAndGoWhenTheirTimeIsOver() {
        append(BEGIN);
        append(BEGIN.minus(Duration.ofDays(3)));
        append(BEGIN.minus(Duration.ofDays(20)));

        assertThat(run(RETENTION)).isZero();

        assertThat(partitions(PartitionedTable.OUTBOX))
                .hasSize(9)
                .startsWith("outbox_p20261121", "outbox_p20261124")
                .endsWith("outbox_p20261201");
        assertThat(partitions(PartitionedTable.AUDIT))
                .containsExactly("audit_p202611", "audit_p202612", "audit_p202701");
        assertThat(rowsInDefault()).isZero();
        assertThat(rows("outbox")).as("the one of 20 days ago is deleted").isEqualTo(2);

        now = BEGIN.plus(Duration.ofDays(16));
        assertThat(run(RETENTION)).isZero();
        assertThat(partitions(PartitionedTable.OUTBOX))
                .startsWith("outbox_p20261126")
                .endsWith("outbox_p20261217");
        assertThat(rows("outbox")).isZero();
        assertThat(partitions(PartitionedTable.DOWNLOADS)).hasSize(8 + 8);
    }

    @Test
    void whatIsToBeArchivedIsDetachedAndNeverDeleted() {
        RetentionConfig archive = retention(Map.of("MODUNEST_DROP", "false"));
        append(BEGIN.minus(Duration.ofDays(20)));
        append(BEGIN);
        run(archive);
        assertThat(rowsInDefault()).isEqualTo(1);
        now = BEGIN.plus(Duration.ofDays(16));
        run(archive);
        assertThat(rows("outbox_p20261124_detached")).isEqualTo(1);
        assertThat(rows("outbox")).isEqualTo(1);
    }

    @Test
    void downloadsStayUntilTheyAreInTheTotals() {
        RetentionConfig shortest = retention(Map.of("MODUNEST_DOWNLOADS", "36d"));
        run(shortest);
        now = BEGIN.plus(Duration.ofDays(60));
        run(shortest);
        assertThat(partitions(PartitionedTable.DOWNLOADS)).startsWith("downloads_p20261124");
        database.read(
                tx -> {
                    tx.ranking().foldDownloads(now);
                    return true;
                });
        run(shortest);
        assertThat(partitions(PartitionedTable.DOWNLOADS))
                .hasSize(8)
                .startsWith("downloads_p20270123");
    }

    @Test
    void tooManyRowsStayInTheDefaultPartition() {
        for (int row = 0; row < 4; row++) {
            append(BEGIN.minus(Duration.ofDays(1)));
        }
        assertThat(run(RETENTION)).isZero();
        assertThat(rowsInDefault()).isEqualTo(4);
        assertThat(partitions(PartitionedTable.OUTBOX)).hasSize(8);
    }

    @Test
    void aLockThatIsHeldPostponesAndDoesNotFail() {
        run(RETENTION);
        now = BEGIN.plus(Duration.ofDays(1));
        int postponed =
                database.inTransaction(
                        tx -> {
                            tx.outbox().append("release.published", MARKDOWN, "{}", BEGIN);
                            return CompletableFuture.supplyAsync(() -> run(RETENTION)).join();
                        });
        assertThat(postponed).isEqualTo(1);
        assertThat(run(RETENTION)).isZero();
    }

    @Test
    void whatAnotherServerIsAtIsDone() throws SQLException {
        run(RETENTION);
        now = BEGIN.plus(Duration.ofDays(1));
        try (Connection other = DriverManager.getConnection(url, "postgres", "postgres");
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("select pg_advisory_xact_lock(x'6d6f64756e657374'::bigint)");

            assertThat(run(RETENTION)).isZero();

            assertThat(partitions(PartitionedTable.OUTBOX)).hasSize(8);

            // Closing alone does not wait for the backend to let go of the lock.
            other.rollback();
        }
        assertThat(run(RETENTION)).isZero();
        assertThat(partitions(PartitionedTable.OUTBOX)).hasSize(9);
    }

    @Test
    void aRegistryMakesItsPartitionsAtStartAndTellsOfThem() {
        try (TestRegistry registry = TestRegistry.start()) {
            registry.published("acme/markdown@1.0.0");
            String today = LocalDate.now(ZoneOffset.UTC).plusDays(7).toString().replace("-", "");
            Awaiting.until(
                    () ->
                            metrics(registry)
                                    .contains(
                                            "modunest_housekeeping_last_round_timestamp_seconds 1."));
            assertThat(registry.rows("outbox_p" + today)).isZero();
            Awaiting.until(() -> metrics(registry).contains("modunest_table_bytes{"));
            assertThat(metrics(registry))
                    .contains(
                            "modunest_table_bytes{table=\"releases\",kind=\"indexes\",}",
                            "modunest_table_rows{table=\"outbox\",state=\"dead\",}",
                            "modunest_default_partition_rows{table=\"outbox\",}",
                            "modunest_partition_bytes{table=\"outbox\",partition=\"outbox_default\",}",
                            "modunest_partitions{table=\"downloads\",}",
                            "modunest_housekeeping_unfinished_total 0.0");
        }
    }

    private static String metrics(TestRegistry registry) {
        return new String(registry.get("/metrics").body(), StandardCharsets.UTF_8);
    }

    private void append(Instant at) {
        long _ =
                database.inTransaction(
                        tx -> tx.outbox().append("release.published", MARKDOWN, "{}", at));
    }

    private List<String> partitions(PartitionedTable table) {
        return database.<List<Partition>>read(tx -> tx.partitions().list(table)).stream()
                .map(Partition::name)
                .toList();
    }

    private long rowsInDefault() {
        return database.read(tx -> tx.statistics().rowsInDefault(PartitionedTable.OUTBOX, 100));
    }

    private long rows(String table) {
        try (Connection connection = DriverManager.getConnection(url, "postgres", "postgres");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from " + table)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
