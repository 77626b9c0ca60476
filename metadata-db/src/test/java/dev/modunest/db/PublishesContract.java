package dev.modunest.db;

import static dev.modunest.db.TestIndex.NOW;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/** Publishes that outlive their request: who works on them, how they end, what is told of them. */
abstract class PublishesContract {

    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final Digest DIGEST = Digest.ofBytes(new byte[] {1});
    private static final String PROBLEM = "{\"type\": \"x\"}";

    private TestIndex index;
    private Account alice;

    abstract TestPostgres server();

    @BeforeEach
    void open() {
        index = new TestIndex(server());
        alice =
                index.database()
                        .inTransaction(tx -> tx.accounts().insert("alice", false, NOW))
                        .orElseThrow();
    }

    @AfterEach
    void close() {
        index.close();
    }

    private <T> T publishes(Function<PublishStore, T> work) {
        return index.database().inTransaction(tx -> work.apply(tx.publishes()));
    }

    private void change(Consumer<PublishStore> work) {
        publishes(
                store -> {
                    work.accept(store);
                    return true;
                });
    }

    private PublishRecord record(String name, Instant at) {
        return PublishRecord.begun(
                        UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)),
                        alice,
                        Coordinate.parse("acme/" + name + "@1.0.0"),
                        PublishState.QUEUED,
                        DIGEST,
                        42,
                        at)
                .ofRequest(Optional.of("request-" + name));
    }

    private PublishRecord begun(String name, Instant at) {
        PublishRecord begun = record(name, at);
        change(store -> store.insert(begun, "staging/" + name, LEASE));
        return begun;
    }

    private Optional<PublishRecord> found(UUID id) {
        return publishes(store -> store.find(id));
    }

    private PublishRecord find(PublishRecord publish) {
        return found(publish.id()).orElseThrow();
    }

    private List<PublishRecord> takeUp(int limit) {
        return publishes(store -> store.takeUp(limit, LEASE));
    }

    private List<PublishRecord> list(long account, int limit, Optional<PublishRecord> after) {
        return publishes(store -> store.list(account, limit, after));
    }

    private Set<String> needed(List<String> keys) {
        return publishes(store -> store.needed(keys));
    }

    private boolean isUnfinished(PublishRecord publish) {
        return publishes(store -> store.lockUnfinished(publish.id()));
    }

    private int deleteOverBefore(Instant before) {
        return publishes(store -> store.deleteOverBefore(before, 10));
    }

    private void expire() {
        index.execute("update publishes set lease_until = now() - interval '1 s'");
    }

    @Test
    void readsAsItWasWritten() {
        PublishRecord told =
                record("one", NOW)
                        .at(
                                PublishState.QUEUED,
                                OptionalInt.of(7),
                                Optional.of(NOW.plusSeconds(5)));
        change(store -> store.insert(told, "staging/one", LEASE));

        assertThat(find(told)).isEqualTo(told);
        assertThat(needed(List.of("staging/one", "staging/two"))).containsExactly("staging/one");
        assertThat(found(UUID.randomUUID())).isEmpty();
    }

    @Test
    void endsOnceAsLive() {
        PublishRecord publish = begun("one", NOW);
        change(
                store -> {
                    assertThat(store.lockUnfinished(publish.id())).isTrue();
                    store.finishLive(publish.id(), DIGEST, 43, NOW.plusSeconds(1));
                });
        change(store -> store.finishRefused(publish.id(), PROBLEM, NOW.plusSeconds(2)));

        PublishRecord live = find(publish);
        assertThat(live.state()).isEqualTo(PublishState.LIVE);
        assertThat(live.state().isOver()).isTrue();
        assertThat(live.size()).contains(43L);
        assertThat(live.updatedAt()).isEqualTo(NOW.plusSeconds(1));
        assertThat(isUnfinished(publish)).isFalse();
        assertThat(needed(List.of("staging/one"))).isEmpty();
    }

    @Test
    void endsAsRefusedWithItsProblem() {
        PublishRecord publish = begun("one", NOW);
        change(store -> store.finishRefused(publish.id(), PROBLEM, NOW.plusSeconds(1)));

        assertThat(find(publish).state()).isEqualTo(PublishState.REFUSED);
        assertThat(find(publish).problemJson()).contains(PROBLEM);
    }

    @Test
    void isNotedAfterItsEndToo() {
        PublishRecord live = record("live", NOW);
        PublishRecord refused = record("refused", NOW);
        change(
                store -> {
                    store.insertLive(
                            live.at(PublishState.LIVE, OptionalInt.empty(), Optional.empty()));
                    store.insertRefused(refused, PROBLEM);
                });

        assertThat(find(live).state()).isEqualTo(PublishState.LIVE);
        assertThat(find(refused).problemJson()).contains(PROBLEM);
    }

    @Test
    void isTakenUpByOneWhenItsLeaseIsOverAndTheOldestFirst() {
        PublishRecord younger = begun("younger", NOW.plusSeconds(1));
        PublishRecord older = begun("older", NOW);
        assertThat(takeUp(10)).isEmpty();

        expire();

        assertThat(takeUp(1)).extracting(PublishRecord::id).containsExactly(older.id());
        assertThat(takeUp(10)).extracting(PublishRecord::id).containsExactly(younger.id());
        assertThat(takeUp(10)).isEmpty();
        assertThat(find(older).state()).isEqualTo(PublishState.RECEIVED);
    }

    @Test
    void whoWorksOnItKeepsItsLeaseAndTellsHowFarItIs() {
        PublishRecord publish = begun("one", NOW);
        expire();
        PublishRecord working =
                publish.at(
                        PublishState.VERIFYING, OptionalInt.of(3), Optional.of(NOW.plusSeconds(9)));
        change(store -> store.extend(List.of(working), LEASE, NOW.plusSeconds(1)));
        change(store -> store.extend(List.of(), LEASE, NOW));

        assertThat(takeUp(10)).isEmpty();
        assertThat(find(publish).state()).isEqualTo(PublishState.VERIFYING);
        assertThat(find(publish).position()).hasValue(3);
        assertThat(find(publish).expectedAt()).contains(NOW.plusSeconds(9));

        change(store -> store.giveUpLeases(List.of(publish.id())));
        assertThat(takeUp(10)).hasSize(1);
    }

    @Test
    void thoseOfAnAccountAreListedLatestFirstPageByPage() {
        PublishRecord first = begun("first", NOW);
        PublishRecord second = begun("second", NOW.plusSeconds(1));
        PublishRecord third = begun("third", NOW.plusSeconds(2));

        List<PublishRecord> page = list(alice.id(), 2, Optional.empty());
        assertThat(page).extracting(PublishRecord::id).containsExactly(third.id(), second.id());
        assertThat(list(alice.id(), 2, Optional.of(page.getLast())))
                .extracting(PublishRecord::id)
                .containsExactly(first.id());
        assertThat(list(alice.id() + 1, 2, Optional.empty())).isEmpty();
    }

    @Test
    void onlyThoseThatAreOverAreDeleted() {
        PublishRecord over = begun("over", NOW);
        PublishRecord running = begun("running", NOW);
        change(store -> store.finishRefused(over.id(), PROBLEM, NOW));

        assertThat(deleteOverBefore(NOW)).isZero();
        assertThat(deleteOverBefore(NOW.plusSeconds(1))).isOne();
        assertThat(found(over.id())).isEmpty();
        assertThat(find(running).state().isOver()).isFalse();
    }

    @Test
    void theInventoryKnowsWhatTheStorageShouldHold() {
        index.publish("acme/a@1.0.0");
        index.publish("acme/b@1.0.0");
        index.change("acme/b@1.0.0", "deleted_at = now(), deleted_reason = 'gone'");
        begun("one", NOW);

        List<IndexedBytes> all =
                index.database().read(tx -> tx.inventory().page(Optional.empty(), 10));
        assertThat(all).extracting(bytes -> bytes.digest().hex()).isSorted().hasSize(2);
        assertThat(all)
                .extracting(bytes -> bytes.deletedAt().isPresent())
                .containsExactlyInAnyOrder(true, false);
        assertThat(all.getFirst().size()).isEqualTo(7);
        Digest first = all.getFirst().digest();
        List<IndexedBytes> rest =
                index.database().read(tx -> tx.inventory().page(Optional.of(first), 10));
        assertThat(rest).containsExactly(all.getLast());
        Optional<IndexedBytes> found = index.database().read(tx -> tx.inventory().find(first));
        assertThat(found).contains(all.getFirst());
        Optional<IndexedBytes> unknown = index.database().read(tx -> tx.inventory().find(DIGEST));
        assertThat(unknown).isEmpty();
        long count =
                index.database()
                        .inTransaction(
                                tx -> {
                                    tx.inventory().lock(first);
                                    return tx.inventory().count();
                                });
        assertThat(count).isEqualTo(2);
        assertThat(index.database().<Boolean>read(tx -> tx.inventory().isStaged("staging/one")))
                .isTrue();
        assertThat(index.database().<Boolean>read(tx -> tx.inventory().isStaged("staging/two")))
                .isFalse();
    }
}
