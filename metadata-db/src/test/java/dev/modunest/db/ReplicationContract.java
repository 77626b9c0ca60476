package dev.modunest.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

/** What stale reads promise with a replica that follows, lags, is away and comes back. */
abstract class ReplicationContract {

    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");

    private DatabaseConfig config;
    private Database database;

    abstract TestReplication replication();

    @BeforeEach
    void open() {
        config = replication().newDatabase();
        database = Database.open(withReplica(Duration.ofSeconds(10)));
    }

    @AfterEach
    void close() {
        replication().resumeReplay();
        database.close();
    }

    private DatabaseConfig withReplica(Duration maxLag) {
        return replication().withReplica(config, maxLag);
    }

    private ReplicaStatistics replica() {
        return database.replicaStatistics().getFirst();
    }

    private void awaitServing() {
        TestReplication.await("the replica serves", () -> replica().serving());
    }

    private void write(Database by, String account) {
        by.inTransaction(tx -> tx.accounts().insert(account, false, NOW).orElseThrow());
    }

    private long staleCount() {
        return database.readStale(tx -> tx.accounts().count());
    }

    /** Reads until it was the replica that answered; the bar is known and reached by then. */
    private long countOnReplica() {
        awaitServing();
        long before = replica().reads();
        long count = staleCount();
        assertThat(replica().reads()).isEqualTo(before + 1);
        return count;
    }

    @Test
    void aReplicaThatHasCaughtUpIsReadFrom() {
        write(database, "alice");

        assertThat(countOnReplica()).isEqualTo(1);
        assertThat(replica().state()).isInstanceOf(ReplicaState.Following.class);
        assertThat(replica().pool().max()).isEqualTo(5);
    }

    @Test
    void anOwnWriteIsSeenByTheNextReadAlthoughReplayIsPaused() {
        awaitServing();
        replication().pauseReplay();
        long before = replica().reads();

        for (int i = 1; i <= 20; i++) {
            write(database, "alice" + i);
            assertThat(staleCount()).isEqualTo(i);
        }

        assertThat(replica().reads()).isEqualTo(before);
        assertThat(replica().serving()).isFalse();
        TestReplication.await("it is seen to be behind", () -> replica().bytesBehind() > 0);

        replication().resumeReplay();
        assertThat(countOnReplica()).isEqualTo(20);
    }

    @Test
    void everyOwnWriteIsSeenAtOnceWhileReplayGoesOn() {
        awaitServing();
        for (int i = 1; i <= 300; i++) {
            write(database, "alice" + i);
            assertThat(staleCount()).isEqualTo(i);
        }
        assertThat(countOnReplica()).isEqualTo(300);
    }

    @Test
    void aWriteOfAnotherProcessIsSeenOnceItsEventIsHeard() {
        awaitServing();
        replication().pauseReplay();
        try (Database other = Database.open(config)) {
            write(other, "bob");
        }

        assertThat(staleCount()).isZero();
        database.raiseBar(replication().position());
        assertThat(staleCount()).isEqualTo(1);

        replication().resumeReplay();
        assertThat(countOnReplica()).isEqualTo(1);
    }

    @Test
    void aReplicaThatLagsTooMuchIsLeftOutUntilItHasCaughtUp() {
        try (Database strict = Database.open(withReplica(Duration.ofMillis(400)))) {
            TestReplication.await(
                    "the replica serves", () -> strict.replicaStatistics().getFirst().serving());
            replication().pauseReplay();
            write(database, "carol");
            TestReplication.await(
                    "it lags",
                    () ->
                            strict.replicaStatistics().getFirst().state()
                                    instanceof ReplicaState.Lagging);
            assertThat(strict.replicaStatistics().getFirst().serving()).isFalse();
            assertThat(strict.replicaStatistics().getFirst().age())
                    .isGreaterThan(Duration.ofMillis(400));
            assertThat(strict.<Long>readStale(tx -> tx.accounts().count())).isEqualTo(1);

            replication().resumeReplay();
            TestReplication.await(
                    "the replica serves again",
                    () -> strict.replicaStatistics().getFirst().serving());
        }
    }

    @Test
    void readsGoOnWhileTheReplicaIsDeadAndItIsUsedWhenItIsBack() {
        write(database, "alice");
        assertThat(countOnReplica()).isEqualTo(1);

        replication().standby().kill();
        try {
            assertThat(staleCount()).isEqualTo(1);
            assertThat(replica().state()).isInstanceOf(ReplicaState.Unreachable.class);
            for (int i = 0; i < 100; i++) {
                assertThat(staleCount()).isEqualTo(1);
            }
        } finally {
            replication().standby().start();
        }

        assertThat(countOnReplica()).isEqualTo(1);
    }

    @Test
    void aConnectionThatBreaksCostsTheReaderNothing() {
        write(database, "alice");
        countOnReplica();
        replication()
                .standby()
                .ask(
                        "select pg_terminate_backend(pid) from pg_stat_activity"
                                + " where application_name = 'modunest'");

        assertThat(staleCount()).isEqualTo(1);
        assertThat(countOnReplica()).isEqualTo(1);
    }

    @Test
    void whatTheWorkItselfThrowsIsNotRepeated() {
        awaitServing();
        int[] runs = {0};

        assertThatIllegalStateException()
                .isThrownBy(
                        () ->
                                database.readStale(
                                        tx -> {
                                            runs[0]++;
                                            throw new IllegalStateException("mine");
                                        }))
                .withMessage("mine");
        assertThat(runs[0]).isEqualTo(1);
    }

    @Test
    void thePrimaryKnowsItsStandby() {
        TestReplication.await(
                "the standby streams",
                () ->
                        database.standbys().stream()
                                .anyMatch(
                                        standby ->
                                                standby.name().equals("standby")
                                                        && standby.state().equals("streaming")
                                                        && standby.bytesBehind().orElse(-1) == 0));
    }
}
