package dev.modunest.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What happens when the primary or its synchronous standby is gone. */
class FailoverIT {

    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");

    private TestReplication replication;
    private DatabaseConfig config;
    private String bothHosts;

    @BeforeEach
    void start() {
        replication = TestReplication.of(TestPostgres.bundled());
        config = replication.newDatabase();
        String name = TestReplication.nameOf(config);
        // The test server runs with off, which a database's own setting overrides.
        replication.primary().ask("alter database " + name + " set synchronous_commit = on");
        replication.primary().ask("alter system set synchronous_standby_names = 'standby'");
        replication.primary().ask("select pg_reload_conf()");
        TestReplication.await(
                "the standby is synchronous",
                () ->
                        replication
                                .primary()
                                .ask("select sync_state from pg_stat_replication")
                                .equals("sync"));
        bothHosts =
                "jdbc:postgresql://127.0.0.1:"
                        + replication.primary().port()
                        + ",127.0.0.1:"
                        + replication.standby().port()
                        + "/"
                        + name
                        + "?targetServerType=primary&user=postgres";
    }

    @AfterEach
    void stop() {
        replication.close();
    }

    private DatabaseConfig bothHosts(List<String> replicas) {
        return TestPostgres.config(bothHosts, 5, replicas, Duration.ofSeconds(10));
    }

    private String standbyUrl() {
        return replication.standby().url(TestReplication.nameOf(config));
    }

    private static void write(Database database, String account) {
        database.inTransaction(tx -> tx.accounts().insert(account, false, NOW));
    }

    private static boolean isTaken(Database database, String account) {
        return database.inTransaction(tx -> tx.accounts().insert(account, false, NOW).isEmpty());
    }

    /** Writes accounts until one is acknowledged; what it was called. */
    private static Set<String> writeUntilAcknowledged(Database database, String prefix) {
        Set<String> acknowledged = new HashSet<>();
        int[] number = {0};
        TestReplication.await(
                "a write succeeds",
                () -> {
                    String name = prefix + ++number[0];
                    try {
                        write(database, name);
                        return acknowledged.add(name);
                    } catch (DatabaseException failed) {
                        assertThat(failed).matches(DatabaseException::isUnavailable);
                        return false;
                    }
                });
        return acknowledged;
    }

    @Test
    void writesGoOnAtThePromotedServerAndNothingAcknowledgedIsLost() {
        try (Database database = Database.open(bothHosts(List.of(standbyUrl())))) {
            Set<String> acknowledged = new HashSet<>();
            for (int i = 0; i < 50; i++) {
                write(database, "before" + i);
                acknowledged.add("before" + i);
            }
            TestReplication.await(
                    "the replica serves", () -> database.replicaStatistics().getFirst().serving());

            replication.primary().kill();
            assertThat(database.<Long>readStale(tx -> tx.accounts().count()))
                    .as("stale reads go on without a primary")
                    .isEqualTo(50);
            replication.standby().ask("select pg_promote(true, 60)");
            acknowledged.addAll(writeUntilAcknowledged(database, "after"));

            assertThat(database.<Long>read(tx -> tx.accounts().count()))
                    .isGreaterThanOrEqualTo(acknowledged.size());
            for (String name : acknowledged) {
                assertThat(isTaken(database, name)).as(name + " is there").isTrue();
            }
            TestReplication.await(
                    "the promotion is seen",
                    () ->
                            database.replicaStatistics().getFirst().state()
                                    instanceof ReplicaState.Promoted);
            assertThat(database.replicaStatistics().getFirst().serving()).isFalse();
            assertThat(database.<Long>readStale(tx -> tx.accounts().count()))
                    .isGreaterThanOrEqualTo(acknowledged.size());
        }
    }

    @Test
    void aServerOnTheOldTimelineIsNoReplicaOfTheNewPrimary() throws IOException {
        try (Database first = Database.open(bothHosts(List.of()))) {
            write(first, "alice");
        }
        replication.primary().kill();
        replication.standby().ask("select pg_promote(true, 60)");
        // It has nobody to follow, so it stays as it was.
        Files.createFile(replication.primary().data().resolve("standby.signal"));
        replication.primary().start();
        try (Database database =
                Database.open(
                        TestPostgres.config(
                                standbyUrl(),
                                5,
                                List.of(replication.primary().url(TestReplication.nameOf(config))),
                                Duration.ofSeconds(10)))) {
            TestReplication.await(
                    "the divergence is seen",
                    () ->
                            database.replicaStatistics()
                                    .getFirst()
                                    .state()
                                    .equals(new ReplicaState.Diverged(1, 2)));
            assertThat(database.<Long>readStale(tx -> tx.accounts().count())).isEqualTo(1);
            assertThat(database.replicaStatistics().getFirst().reads()).isZero();
        }
    }

    @Test
    void aCommitThatNoStandbyConfirmsIsNotAcknowledged() {
        try (Database database = Database.open(bothHosts(List.of()))) {
            write(database, "alice");
            replication.standby().kill();

            CompletableFuture<Void> bob =
                    CompletableFuture.runAsync(
                            () -> write(database, "bob"), Thread.ofVirtual()::start);
            TestReplication.await("the commit waits for the standby", () -> cancelWaiting() > 0);

            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(bob::join)
                    .havingCause()
                    .isInstanceOf(DatabaseException.class)
                    .withMessageContaining("not confirmed")
                    .matches(failed -> ((DatabaseException) failed).isUnavailable());
            assertThat(database.<Long>read(tx -> tx.accounts().count()))
                    .as("it is committed, but not acknowledged")
                    .isEqualTo(2);
        }
    }

    /** Postgres then ends the wait with success and a warning; how many did wait. */
    private int cancelWaiting() {
        return Integer.parseInt(
                replication
                        .primary()
                        .ask(
                                "select count(pg_cancel_backend(pid)) from pg_stat_activity"
                                        + " where wait_event = 'SyncRep'"));
    }
}
