package dev.modunest.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What the stores of mutations and publishes promise on every supported server. */
abstract class PublishStoresContract {

    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");
    private static final Instant EXPIRED = NOW.minusSeconds(3600);
    private static final StoredAnswer ANSWER = new StoredAnswer("f", 201, "{\"A\": \"b\"}", "{}");

    private Database database;
    private long alice;

    abstract TestPostgres server();

    @BeforeEach
    void open() {
        database = Database.open(server().newDatabase());
        alice =
                database.inTransaction(
                        tx -> tx.accounts().insert("alice", false, NOW).orElseThrow().id());
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Optional<StoredAnswer> claim(Transaction tx, Instant now) {
        return tx.idempotency().claim(alice, "k", "f", now, now.minusSeconds(3600));
    }

    private void complete(Transaction tx) {
        tx.idempotency().complete(alice, "k", ANSWER);
    }

    @Test
    void aKeyIsClaimedOnceAndThenHasItsAnswer() {
        assertThat(
                        database.<Optional<StoredAnswer>>inTransaction(
                                tx -> {
                                    Optional<StoredAnswer> before = claim(tx, NOW);
                                    complete(tx);
                                    return before;
                                }))
                .isEmpty();

        assertThat(database.<Optional<StoredAnswer>>inTransaction(tx -> claim(tx, NOW)))
                .hasValue(ANSWER);
        assertThat(
                        database.<Optional<StoredAnswer>>read(
                                tx -> tx.idempotency().find(alice, "k", EXPIRED)))
                .hasValue(ANSWER);
    }

    @Test
    void aTransactionThatIsRolledBackLeavesTheKeyFree() {
        assertThatThrownBy(
                        () ->
                                database.inTransaction(
                                        tx -> {
                                            claim(tx, NOW);
                                            throw new IllegalArgumentException("refused");
                                        }))
                .hasMessage("refused");

        assertThat(database.<Optional<StoredAnswer>>inTransaction(tx -> claim(tx, NOW))).isEmpty();
    }

    @Test
    void whoComesSecondWaitsForTheFirstAndGetsItsAnswer() throws Exception {
        CountDownLatch claimed = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> first =
                    threads.submit(
                            () ->
                                    database.inTransaction(
                                            tx -> {
                                                claim(tx, NOW);
                                                claimed.countDown();
                                                await(goOn);
                                                complete(tx);
                                                return true;
                                            }));
            await(claimed);
            Future<Optional<StoredAnswer>> second =
                    threads.submit(() -> database.inTransaction(tx -> claim(tx, NOW)));
            awaitALockWait();
            goOn.countDown();

            first.get();
            assertThat(second.get()).hasValue(ANSWER);
        }
    }

    private void awaitALockWait() {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (server().waitingForLocks() == 0) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    @Test
    void anAnswerThatIsTooOldIsForgotten() {
        database.inTransaction(
                tx -> {
                    claim(tx, NOW);
                    complete(tx);
                    return true;
                });

        assertThat(
                        database.<Optional<StoredAnswer>>inTransaction(
                                tx -> claim(tx, NOW.plusSeconds(3601))))
                .isEmpty();
    }

    @Test
    void anAnswerNeedsAClaim() {
        assertThatThrownBy(
                        () ->
                                database.inTransaction(
                                        tx -> {
                                            complete(tx);
                                            return true;
                                        }))
                .hasMessageContaining("not claimed");
    }

    @Test
    void oldAnswersAreDeletedInPieces() {
        for (String key : new String[] {"a", "b", "c"}) {
            database.inTransaction(
                    tx -> {
                        tx.idempotency().claim(alice, key, "f", NOW, EXPIRED);
                        tx.idempotency().complete(alice, key, ANSWER);
                        return true;
                    });
        }
        Instant later = NOW.plusSeconds(1);

        assertThat(database.<Integer>inTransaction(tx -> tx.idempotency().deleteBefore(later, 2)))
                .isEqualTo(2);
        assertThat(database.<Integer>inTransaction(tx -> tx.idempotency().deleteBefore(later, 2)))
                .isEqualTo(1);
        assertThat(database.<Integer>inTransaction(tx -> tx.idempotency().deleteBefore(later, 2)))
                .isZero();
    }
}
