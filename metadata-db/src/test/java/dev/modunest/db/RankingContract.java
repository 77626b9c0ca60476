package dev.modunest.db;

import static dev.modunest.db.TestIndex.NOW;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Digest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** What the order of search rests on, and how it is kept. */
abstract class RankingContract {

    private TestIndex index;

    abstract TestPostgres server();

    @BeforeEach
    void open() {
        index = new TestIndex(server());
        index.publish("acme/editor@1.0.0");
    }

    @AfterEach
    void close() {
        index.close();
    }

    private <T> T ranking(Function<RankingStore, T> work) {
        return index.database().read(tx -> work.apply(tx.ranking()));
    }

    private int refresh(Instant now) {
        return ranking(ranks -> ranks.refresh(0, ranks.lastPlugin(), now));
    }

    private void fold(Instant now) {
        ranking(
                ranks -> {
                    ranks.foldDownloads(now);
                    return true;
                });
    }

    private void download(int daysAgo, int count) {
        index.execute(
                """
                insert into downloads (day, plugin_id, release_id, count)
                select date '2026-11-01' - %d, plugin_id, id, %d from releases
                """
                        .formatted(daysAgo, count));
    }

    private void assertDownloads(long recent, long all) {
        PluginRecord plugin = index.plugin("acme/editor");
        assertThat(plugin.recentDownloads()).isEqualTo(recent);
        assertThat(plugin.downloads()).isEqualTo(all);
    }

    @Test
    void downloadsAreThoseOfThirtyDaysAndOfAllTime() {
        download(0, 1);
        download(29, 20);
        download(30, 300);
        download(400, 4_000);

        assertThat(refresh(NOW)).isEqualTo(1);
        assertDownloads(21, 4_321);
        assertThat(refresh(NOW)).isZero();
    }

    @Test
    void foldedDaysAreCountedOnceAndOutliveTheirRows() {
        download(0, 1);
        download(34, 20);
        download(400, 4_000);
        fold(NOW);
        fold(NOW);
        index.execute("delete from downloads where day < date '2026-11-01' - 35");

        refresh(NOW);
        assertDownloads(1, 4_021);
        fold(NOW.plus(Duration.ofDays(1)));
        fold(NOW.plus(Duration.ofDays(10)));
        refresh(NOW);
        assertDownloads(1, 4_021);
    }

    private boolean count(Transaction tx, int daysAgo, long count) {
        return tx.downloads()
                .add(
                        "edge",
                        daysAgo,
                        List.of(
                                new DownloadStore.Count(
                                        Digest.ofBytes(
                                                "acme/editor@1.0.0"
                                                        .getBytes(StandardCharsets.UTF_8)),
                                        LocalDate.parse("2026-11-01").minusDays(daysAgo),
                                        count)),
                        NOW);
    }

    @Test
    void countsOfDaysThatAreFoldedReachTheTotals() {
        download(40, 1);
        fold(NOW);
        index.database().inTransaction(tx -> count(tx, 40, 20));
        index.database().inTransaction(tx -> count(tx, 41, 300));
        refresh(NOW);
        assertDownloads(0, 321);
        index.execute("delete from downloads");
        fold(NOW.plus(Duration.ofDays(1)));
        refresh(NOW);
        assertDownloads(0, 321);
    }

    @Test
    void aFoldWaitsForCountsUnderWayAndSeesThem() {
        CompletableFuture<Void> folding =
                index.database()
                        .inTransaction(
                                tx -> {
                                    assertThat(count(tx, 40, 7)).isTrue();
                                    CompletableFuture<Void> begun =
                                            CompletableFuture.runAsync(() -> fold(NOW));
                                    while (server().waitingForLocks() == 0) {
                                        Thread.onSpinWait();
                                    }
                                    return begun;
                                });
        folding.join();
        refresh(NOW);
        assertDownloads(0, 7);
        index.execute("delete from downloads");
        refresh(NOW);
        assertDownloads(0, 7);
    }

    @Test
    void aPluginChangesOnlyWhenItIsOffByMoreThanOnePerCent() {
        download(0, 1_000);
        refresh(NOW);
        index.execute("update downloads set count = 1009");
        assertThat(refresh(NOW)).isZero();
        index.execute("update downloads set count = 1011");
        assertThat(refresh(NOW)).isEqualTo(1);
        assertDownloads(1_011, 1_011);
    }

    @Test
    void onlyOneConnectionHasTheLock() {
        boolean other =
                ranking(
                        ranks -> {
                            assertThat(ranks.tryLock()).isTrue();
                            boolean taken = tryLockElsewhere();
                            ranks.unlock();
                            return taken;
                        });
        assertThat(other).isFalse();
        boolean again =
                ranking(
                        ranks -> {
                            boolean taken = ranks.tryLock();
                            ranks.unlock();
                            return taken;
                        });
        assertThat(again).isTrue();
    }

    /** On another thread, as calls inside one another share a connection. */
    private boolean tryLockElsewhere() {
        return CompletableFuture.supplyAsync(() -> ranking(RankingStore::tryLock)).join();
    }

    @Test
    void thePopularAreThoseWithTheMostDownloads() {
        index.publish("acme/parser@1.0.0");
        index.publish("zeta/viewer@1.0.0");
        index.execute("update plugins set downloads_30d = length(namespace) * id");

        assertThat(this.<List<RankingStore.Candidate>>ranking(ranks -> ranks.popular(2, 1)))
                .extracting(candidate -> candidate.plugin().toString())
                .containsExactly("zeta/viewer", "acme/parser");
        assertThat(this.<List<RankingStore.Candidate>>ranking(ranks -> ranks.popular(10, 9)))
                .extracting(candidate -> candidate.plugin().toString())
                .containsExactly("zeta/viewer");
    }

    @Test
    void theMostDownloadedAreToldWithoutThoseThatFewMayKnowOf() {
        index.publish("acme/viewer@1.0.0");
        index.publish("acme/unused@1.0.0");
        index.publish("hidden/tool@1.0.0");
        index.execute("update namespaces set private = true where name = 'hidden'");
        index.execute("update plugins set downloads_30d = length(name) where name <> 'unused'");

        assertThat(
                        index.database()
                                .<List<PluginDownloads>>read(
                                        tx -> tx.statistics().mostDownloaded(10)))
                .containsExactly(
                        new PluginDownloads("acme/editor", 6),
                        new PluginDownloads("acme/viewer", 6));
        assertThat(
                        index.database()
                                .<List<PluginDownloads>>read(
                                        tx -> tx.statistics().mostDownloaded(1)))
                .hasSize(1);
    }

    @Test
    void whatIsPopularIsKeptAsTold() {
        index.publish("zeta/viewer@1.0.0");
        List<RankingStore.Candidate> all = ranking(ranks -> ranks.candidates(0, 100));
        long editor = all.getFirst().id();
        long viewer = all.getLast().id();

        keep(Map.of(editor, Set.of("a", "b"), viewer, Set.of("c")));
        assertThat(popular()).isEqualTo(2);
        keep(Map.of(viewer, Set.of("c")));
        assertThat(popular()).isEqualTo(1);
        keep(Map.of());
        assertThat(popular()).isZero();
    }

    private void keep(Map<Long, Set<String>> keys) {
        ranking(
                ranks -> {
                    ranks.keepPopularKeys(keys);
                    return true;
                });
    }

    private long popular() {
        return index.count("select count(*) from plugins where popular_keys is not null");
    }

    @Test
    void whatAPluginImitatesIsKeptAndTakenBack() {
        index.publish("evil/editr@1.0.0");
        RankingStore.Candidate original = ranking(ranks -> ranks.candidates(0, 100)).getFirst();
        RankingStore.Candidate alike = ranking(ranks -> ranks.candidates(0, 100)).getLast();

        imitates(alike.imitating(Optional.of(original.id())));
        assertThat(
                        this.<List<RankingStore.Candidate>>ranking(
                                ranks -> ranks.candidates(original.id(), 100)))
                .containsExactly(alike.imitating(Optional.of(original.id())));
        imitates(alike);
        assertThat(
                        this.<List<RankingStore.Candidate>>ranking(
                                ranks -> ranks.candidates(original.id(), 100)))
                .containsExactly(alike);
    }

    private void imitates(RankingStore.Candidate candidate) {
        ranking(
                ranks -> {
                    ranks.imitates(List.of(candidate));
                    ranks.imitates(List.of());
                    return true;
                });
    }
}
