package dev.modunest.db;

import static dev.modunest.db.TestIndex.NOW;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.db.FreshnessIndex.Changed;
import dev.modunest.db.FreshnessIndex.News;
import dev.modunest.db.FreshnessIndex.Placed;
import dev.modunest.db.trust.IndexedTarget;
import dev.modunest.db.trust.LeafKind;
import dev.modunest.db.trust.NewLeaf;
import dev.modunest.db.trust.RepositoryProgress;
import dev.modunest.db.trust.SignedRevocations;
import dev.modunest.db.trust.TakenDown;
import dev.modunest.db.trust.VersionedFile;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.trust.TrustLevel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The files of freshness, who writes them, and what the index tells their writer. */
abstract class FreshnessContract {

    private static final PluginId EDITOR = PluginId.parse("acme/editor");
    private static final RepositoryProgress NOTHING =
            new RepositoryProgress(Optional.empty(), Optional.empty());
    private static final RepositoryProgress SOME =
            new RepositoryProgress(Optional.of(7L), Optional.of(""));

    private TestIndex index;
    private Database database;

    abstract TestPostgres server();

    @BeforeEach
    void open() {
        index = new TestIndex(server());
        database = index.database();
    }

    @AfterEach
    void close() {
        index.close();
    }

    private long takeOver() {
        return database.inTransaction(tx -> tx.freshness().takeOver());
    }

    private boolean write(long fence, RepositoryProgress progress, VersionedFile... files) {
        return database.<Boolean>inTransaction(
                tx -> {
                    boolean own = tx.freshness().advance(fence, progress);
                    if (own) {
                        tx.freshness().put(List.of(files), NOW);
                    }
                    return own;
                });
    }

    private static VersionedFile file(String path, String document, String content) {
        return new VersionedFile(path, document, bytes(content));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Optional<String> find(String path) {
        return database.<Optional<byte[]>>read(tx -> tx.freshness().find(path))
                .map(content -> new String(content, StandardCharsets.UTF_8));
    }

    private Optional<String> current(String document) {
        return database.<Optional<VersionedFile>>read(tx -> tx.freshness().current(document))
                .map(VersionedFile::path);
    }

    private int deleteReplaced(Instant before, int limit) {
        return database.inTransaction(tx -> tx.freshness().deleteReplaced(before, limit));
    }

    @Test
    void whoWasTakenOverFromWritesNothing() {
        assertThat(database.<RepositoryProgress>read(tx -> tx.freshness().progress()))
                .isEqualTo(NOTHING);
        long old = takeOver();
        long fence = takeOver();
        assertThat(write(old, SOME, file("a", "a", "of the old"))).isFalse();
        assertThat(find("a")).isEmpty();
        assertThat(write(fence, SOME, file("a", "a", "of the new"))).isTrue();
        assertThat(find("a")).contains("of the new");
        assertThat(database.<RepositoryProgress>read(tx -> tx.freshness().progress()))
                .isEqualTo(SOME);
    }

    @Test
    void aVersionTakesThePlaceOfTheOneBeforeWhichIsDeletedLater() {
        long fence = takeOver();
        write(fence, SOME, file("1.bin-00.json", "bin-00", "one"), file("other", "other", "x"));
        write(fence, SOME, file("2.bin-00.json", "bin-00", "two"));
        assertThat(current("bin-00")).contains("2.bin-00.json");
        assertThat(find("1.bin-00.json")).contains("one");
        assertThat(deleteReplaced(NOW, 10)).isZero();
        assertThat(deleteReplaced(NOW.plusSeconds(1), 10)).isEqualTo(1);
        assertThat(find("1.bin-00.json")).isEmpty();
        assertThat(find("2.bin-00.json")).contains("two");
        assertThat(find("other")).contains("x");
        assertThat(database.<Optional<Instant>>read(tx -> tx.freshness().writtenAt("other")))
                .contains(NOW);
    }

    @Test
    void aFileThatComesBackIsCurrentAgain() {
        long fence = takeOver();
        write(fence, SOME, file("t.1", "t", "one"));
        write(fence, SOME, file("t.2", "t", "two"));
        write(fence, SOME, file("t.1", "t", "one"));
        assertThat(current("t")).contains("t.1");
        database.<Boolean>inTransaction(
                tx -> {
                    tx.freshness().retire(List.of("t", "never was"), NOW);
                    tx.freshness().retire(List.of(), NOW);
                    return true;
                });
        assertThat(current("t")).isEmpty();
        assertThat(deleteReplaced(NOW.plusSeconds(1), 1)).isEqualTo(1);
        assertThat(deleteReplaced(NOW.plusSeconds(1), 10)).isEqualTo(1);
    }

    @Test
    void ofRevocationsThatAreHandedInTheHighestVersionStays() {
        handIn(2, "two");
        handIn(1, "one");
        assertThat(handedIn(0)).contains("two");
        assertThat(handedIn(2)).isEmpty();
        handIn(3, "three");
        assertThat(handedIn(2)).contains("three");
    }

    private void handIn(long version, String content) {
        database.<Boolean>inTransaction(
                tx -> {
                    tx.freshness()
                            .handIn(
                                    new SignedRevocations(
                                            version, bytes("signed"), bytes(content), NOW));
                    return true;
                });
    }

    private Optional<String> handedIn(long after) {
        return database.<Optional<SignedRevocations>>read(tx -> tx.freshness().handedIn(after))
                .map(
                        signed -> {
                            assertThat(signed.signedAt()).isEqualTo(NOW);
                            assertThat(signed.document()).isEqualTo(bytes("signed"));
                            assertThat(signed.version()).isGreaterThan(after);
                            return new String(signed.content(), StandardCharsets.UTF_8);
                        });
    }

    @Test
    void changesAreReadInTheirOrderAndAGapIsSeen() {
        for (String kind : List.of("release.published", "release.yanked")) {
            database.inTransaction(tx -> tx.outbox().append(kind, EDITOR, "{}", NOW));
        }
        assertThat(after(0, 10).changes())
                .containsExactly(
                        new Changed(1, "release.published", EDITOR),
                        new Changed(2, "release.yanked", EDITOR));
        assertThat(after(0, 1).changes()).hasSize(1);
        assertThat(after(0, 10).continues(0)).isTrue();
        assertThat(after(2, 10).continues(2)).isTrue();
        assertThat(after(9, 10).continues(9)).as("the index went back in time").isFalse();
        index.execute("delete from outbox where serial = 1");
        assertThat(after(0, 10).continues(0)).isFalse();
        index.execute("delete from outbox");
        assertThat(after(1, 10).continues(1)).isFalse();
        assertThat(after(Long.MAX_VALUE, 1).newest()).isEqualTo(2);
    }

    private News after(long serial, int limit) {
        return database.read(tx -> tx.freshnessIndex().after(serial, limit));
    }

    @Test
    void pluginsAreReadPageByPageInTheOrderOfTheirTargets() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            ids.add("acme/plugin-" + i);
            index.publish("acme/plugin-" + i + "@1.0.0");
        }
        List<Placed> all = new ArrayList<>();
        String after = "";
        List<Placed> page = page(after);
        while (!page.isEmpty()) {
            all.addAll(page);
            after = page.getLast().hash();
            page = page(after);
        }
        assertThat(all)
                .extracting(placed -> placed.plugin().toString())
                .containsExactlyInAnyOrderElementsOf(ids);
        assertThat(all).extracting(Placed::hash).isSorted();
        assertThat(all)
                .allSatisfy(
                        placed ->
                                assertThat(placed.hash())
                                        .isEqualTo(
                                                Digest.ofBytes(
                                                                bytes(
                                                                        "index/"
                                                                                + placed.plugin()
                                                                                + ".json"))
                                                        .hex()));
    }

    private List<Placed> page(String after) {
        return database.read(tx -> tx.freshnessIndex().page(after, 3));
    }

    private Optional<IndexedTarget> target(PluginId plugin) {
        Map<PluginId, IndexedTarget> targets =
                database.read(tx -> tx.freshnessIndex().targets(Set.of(plugin)));
        return Optional.ofNullable(targets.get(plugin));
    }

    @Test
    void theLevelIsThatOfTheReleaseAndOfOlderOnesReadFromTheLog() {
        index.publish("acme/editor@1.0.0");
        index.publish("acme/editor@2.0.0");
        index.publish("acme/editor@3.0.0");
        index.change("acme/editor@1.0.0", "trust_level = null");
        index.change("acme/editor@2.0.0", "trust_level = null");
        index.change("acme/editor@3.0.0", "trust_level = 'PS_L3'");
        logged("acme/editor@1.0.0", LeafKind.REGISTRY);
        logged("acme/editor@2.0.0", LeafKind.PUBLISHER);
        assertThat(target(EDITOR).orElseThrow().releases())
                .extracting(IndexedTarget.Release::level)
                .containsExactly(TrustLevel.PS_L1, TrustLevel.PS_L2, TrustLevel.PS_L3);
    }

    @Test
    void aDocumentTellsOfEveryRelease() {
        index.publish("acme/editor@10.0.0", "{\"permissions\": [\"net.out:a:1\"]}", NOW);
        index.publish("acme/editor@9.0.0", "{}", NOW);
        logged("acme/editor@9.0.0", LeafKind.PUBLISHER);
        logged("acme/editor@10.0.0", LeafKind.REGISTRY);
        IndexedTarget target = target(EDITOR).orElseThrow();
        assertThat(target.trustedPublishingOnly()).isFalse();
        assertThat(target.repositoryIds()).isEmpty();
        assertThat(target.releases())
                .extracting(release -> release.version().toString())
                .containsExactly("9.0.0", "10.0.0");
        assertThat(target.releases())
                .extracting(IndexedTarget.Release::permissions)
                .containsExactly("[]", "[\"net.out:a:1\"]");
        IndexedTarget.Release first = target.releases().getFirst();
        assertThat(first.size()).isEqualTo(7);
        assertThat(first.publishedAt()).isEqualTo(NOW);
        assertThat(first.digest()).isEqualTo(Digest.ofBytes(bytes("acme/editor@9.0.0")));
        assertThat(target(PluginId.parse("acme/none"))).isEmpty();
        assertThat(
                        database.<Map<PluginId, IndexedTarget>>read(
                                tx -> tx.freshnessIndex().targets(Set.of())))
                .isEmpty();
    }

    private void logged(String release, LeafKind kind) {
        database.<Boolean>inTransaction(
                tx -> {
                    tx.log()
                            .open(
                                    "2026",
                                    "registry.example.com/log/2026",
                                    leaf("begin", LeafKind.GENESIS, Optional.empty()));
                    tx.log()
                            .append(
                                    "2026",
                                    leaf(release, kind, Optional.of(Coordinate.parse(release))));
                    return true;
                });
    }

    private static NewLeaf leaf(String text, LeafKind kind, Optional<Coordinate> release) {
        return new NewLeaf(kind, bytes(text), "{}", Digest.ofBytes(bytes(text)), release, NOW);
    }

    @Test
    void numbersOfTrustedRepositoriesAreTold() {
        index.publish("acme/editor@1.0.0");
        for (String claims :
                List.of(
                        "{\"repository_id\": \"123\"}",
                        "{\"project_id\": \"45\", \"environment\": \"a\"}",
                        "{\"repository_id\": \"123\", \"environment\": \"b\"}",
                        "{\"sub\": \"other\"}")) {
            index.execute(
                    "insert into trusted_publishers (id, namespace, plugin, provider, issuer, claims, account_id, created_by, created_at) "
                            + "select gen_random_uuid(), 'acme', 'editor', 'p', 'i', '"
                            + claims
                            + "', id, id, now() from accounts where name = 'acme'");
        }
        index.execute("update plugins set trusted_publishing_only = true");
        IndexedTarget target = target(EDITOR).orElseThrow();
        assertThat(target.repositoryIds()).containsExactly("123", "45");
        assertThat(target.trustedPublishingOnly()).isTrue();
    }

    @Test
    void ofPrivateNamespacesNoDocumentIsMade() {
        index.publish("acme/editor@1.0.0");
        index.execute("update namespaces set private = true");
        assertThat(target(EDITOR)).isEmpty();
        index.execute("update namespaces set private = false");
        assertThat(target(EDITOR)).isPresent();
    }

    @Test
    void whatIsQuarantinedOrDeletedIsTakenDown() {
        for (String version : List.of("1.0.0", "2.0.0", "3.0.0")) {
            index.publish("acme/editor@" + version);
        }
        index.publish("secret/thing@1.0.0");
        index.execute("update namespaces set private = true where name = 'secret'");
        Instant later = NOW.plus(Duration.ofHours(1));
        quarantine("acme/editor@2.0.0", later);
        quarantine("acme/editor@2.0.0", later.plusSeconds(9));
        quarantine("secret/thing@1.0.0", later.plusSeconds(1));
        index.change("acme/editor@3.0.0", "yanked_reason = 'old'");
        index.change(
                "acme/editor@1.0.0",
                "deleted_reason = 'gone', deleted_at = timestamptz '2026-11-01T10:30:00Z'");
        assertThat(database.<List<TakenDown>>read(tx -> tx.freshnessIndex().takenDown()))
                .containsExactly(
                        taken("acme/editor@1.0.0", "gone", Instant.parse("2026-11-01T10:30:00Z")),
                        taken("acme/editor@2.0.0", "steals", later),
                        new TakenDown(
                                Coordinate.parse("secret/thing@1.0.0"),
                                true,
                                Digest.ofBytes(bytes("secret/thing@1.0.0")),
                                "steals",
                                later.plusSeconds(1)));
        assertThat(database.<List<PluginId>>read(tx -> tx.artifacts().emptied("acme"))).isEmpty();
        index.execute("update releases set deleted_reason = 'x', deleted_at = now()");
        assertThat(database.<List<PluginId>>read(tx -> tx.artifacts().emptied("acme")))
                .containsExactly(EDITOR);
    }

    private static TakenDown taken(String release, String reason, Instant at) {
        return new TakenDown(
                Coordinate.parse(release), false, Digest.ofBytes(bytes(release)), reason, at);
    }

    private void quarantine(String release, Instant at) {
        database.<Boolean>inTransaction(
                tx -> {
                    ReleaseState state =
                            tx.releaseStates().lock(Coordinate.parse(release)).orElseThrow();
                    tx.releaseStates()
                            .save(
                                    new ReleaseState(
                                            state.coordinate(),
                                            state.digest(),
                                            state.publishedAt(),
                                            state.yanked(),
                                            state.deprecated(),
                                            Optional.of("steals"),
                                            state.deleted()),
                                    at);
                    return true;
                });
    }

    @Test
    void theWritersOfLogAndFreshnessDoNotWaitForEachOther() {
        DatabaseConfig config = index.config();
        Duration patience = Duration.ofSeconds(5);
        try (WriterLock log =
                        WriterLock.tryTake(WriterLock.Subject.LOG, config, patience).orElseThrow();
                WriterLock freshness =
                        WriterLock.tryTake(WriterLock.Subject.FRESHNESS, config, patience)
                                .orElseThrow()) {
            log.requireHeld();
            freshness.requireHeld();
        }
    }
}
