package dev.modunest.db;

import static dev.modunest.db.TestIndex.NOW;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.VersionRange;
import dev.modunest.format.resolve.IndexEntry;
import dev.modunest.format.resolve.ReleaseStatus;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** What COPY writes is what publishing one by one would have written. */
abstract class BulkContract {

    private static final PluginId MARKDOWN = PluginId.parse("acme/markdown");
    private static final LocalDate DAY = LocalDate.parse("2026-10-31");
    private static final String ODD = "tab\t, quote \" and \\ backslash\nnew line\r{},ü";

    private TestIndex index;

    abstract TestPostgres server();

    @BeforeEach
    void open() {
        index = new TestIndex(server());
    }

    @AfterEach
    void close() {
        index.close();
    }

    private static BulkRelease release(String coordinate, ReleaseStatus status, String manifest) {
        return new BulkRelease(
                new IndexEntry(
                        Coordinate.parse(coordinate),
                        Digest.ofBytes(coordinate.getBytes(StandardCharsets.UTF_8)),
                        42,
                        List.of(
                                new Dependency(
                                        PluginId.parse("acme/base"),
                                        VersionRange.parse("^1.0.0"),
                                        false)),
                        Optional.of(VersionRange.parse(">=2.0.0")),
                        status,
                        Optional.of(NOW)),
                manifest,
                Map.of(DAY, 3L));
    }

    private static BulkPlugin plugin(BulkRelease... releases) {
        return new BulkPlugin(
                releases[0].entry().coordinate().plugin(), NOW, List.of(releases), 100);
    }

    private BulkStore.Next fill(Transaction tx, BulkPlugin... plugins) {
        BulkStore bulk = tx.bulk();
        BulkStore.Begun begun = bulk.begin().orElseThrow();
        bulk.addNamespaces(
                List.of("alice"), List.of(new BulkNamespace("acme", "alice", true)), NOW);
        BulkStore.Next next = bulk.add(List.of(plugins), begun.next());
        AtomicInteger steps = new AtomicInteger();
        bulk.end(begun, next, steps::incrementAndGet);
        assertThat(steps).hasValue(begun.indexes().size()).hasPositiveValue();
        return next;
    }

    @Test
    void pluginsAndReleasesReadAsTheyWereGiven() {
        BulkRelease live =
                release(
                        "acme/markdown@1.10.0",
                        new ReleaseStatus(
                                ReleaseStatus.State.LIVE,
                                Optional.empty(),
                                Optional.of(
                                        new ReleaseStatus.Deprecation(
                                                "old", Optional.of(PluginId.parse("acme/new"))))),
                        "{\"title\": \"Ten\", \"categories\": [\"te\\\\xt\", \"a\\\"b\"],"
                                + " \"description\": \"tab\\t and \\\\ and\\nline\"}");
        BulkPlugin markdown =
                plugin(
                        release("acme/markdown@1.9.0", ReleaseStatus.LIVE, "{\"title\": \"Nine\"}"),
                        live,
                        release("acme/markdown@2.0.0-rc.1", ReleaseStatus.LIVE, "{}"),
                        release(
                                "acme/markdown@3.0.0",
                                ReleaseStatus.of(ReleaseStatus.State.YANKED, ODD),
                                "{}"),
                        release(
                                "acme/markdown@4.0.0",
                                ReleaseStatus.of(ReleaseStatus.State.QUARANTINED, "bad"),
                                "{}"),
                        release(
                                "acme/markdown@5.0.0",
                                ReleaseStatus.of(ReleaseStatus.State.DELETED, "gone"),
                                "{}"));
        BulkPlugin withdrawn =
                plugin(
                        release(
                                "acme/withdrawn@1.0.0",
                                ReleaseStatus.of(ReleaseStatus.State.YANKED, "broken"),
                                "{\"title\": \"Withdrawn\"}"));

        index.database().inTransaction(tx -> fill(tx, markdown, withdrawn));

        PluginRecord record = index.plugin("acme/markdown");
        assertThat(record.latestVersion()).hasToString("1.10.0");
        assertThat(record.title()).contains("Ten");
        assertThat(record.description()).contains("tab\t and \\ and\nline");
        assertThat(record.categories()).containsExactly("te\\xt", "a\"b");
        assertThat(record.deprecated()).isTrue();
        assertThat(
                        index.database()
                                .read(tx -> tx.releases().indexEntries(Set.of(MARKDOWN)))
                                .get(MARKDOWN))
                .containsExactlyElementsOf(
                        markdown.releases().stream().map(BulkRelease::entry).toList());
        assertThat(index.count("select count(*) from plugins where listed")).isEqualTo(1);
        assertThat(index.count("select count(*) from releases where bytes_removed_at is not null"))
                .isEqualTo(1);
        Optional<Release> read =
                index.database().read(tx -> tx.releases().find(live.entry().coordinate()));
        assertThat(read.orElseThrow().manifestJson()).isEqualTo(live.manifestJson());
        assertThat(read.orElseThrow().publisher()).isEqualTo("alice");
    }

    @Test
    void downloadsAndRanksCount() {
        index.database()
                .inTransaction(
                        tx -> fill(tx, plugin(release("acme/a@1.0.0", ReleaseStatus.LIVE, "{}"))));
        index.database()
                .read(
                        tx -> {
                            tx.bulk().analyze();
                            return tx.ranking().refresh(0, tx.ranking().lastPlugin(), NOW);
                        });

        PluginRecord record = index.plugin("acme/a");
        assertThat(record.recentDownloads()).isEqualTo(3);
        assertThat(record.downloads()).isEqualTo(103);
    }

    @Test
    void everyIndexIsThereAgain() {
        String indexes =
                "select count(*) from pg_indexes where schemaname = current_schema() and tablename in"
                        + " ('plugins', 'releases', 'dependencies')";
        long before = index.count(indexes);
        index.database()
                .inTransaction(
                        tx -> fill(tx, plugin(release("acme/a@1.0.0", ReleaseStatus.LIVE, "{}"))));
        assertThat(index.count(indexes)).isEqualTo(before);
        assertThat(index.count("select count(*) from dependencies where namespace = 'acme'"))
                .isEqualTo(1);
    }

    @Test
    void publishingGoesOnWithNewIds() {
        index.database()
                .inTransaction(
                        tx -> fill(tx, plugin(release("acme/a@1.0.0", ReleaseStatus.LIVE, "{}"))));
        index.publish("acme/a@1.1.0");
        index.publish("acme/b@1.0.0");
        assertThat(index.plugin("acme/a").latestVersion()).hasToString("1.1.0");
        assertThat(index.count("select count(distinct id) from releases")).isEqualTo(3);
    }

    @Test
    void anIndexWithAPluginIsLeftAsItIs() {
        index.publish("acme/a@1.0.0");
        Optional<BulkStore.Begun> begun = index.database().inTransaction(tx -> tx.bulk().begin());
        assertThat(begun).isEmpty();
        assertThat(index.plugin("acme/a").latestVersion()).hasToString("1.0.0");
    }

    @Test
    void aFailureLeavesTheIndexEmptyAndWhole() {
        BulkPlugin twice = plugin(release("acme/a@1.0.0", ReleaseStatus.LIVE, "{}"));
        assertThatExceptionOfType(DatabaseException.class)
                .isThrownBy(() -> index.database().inTransaction(tx -> fill(tx, twice, twice)))
                .withMessageContaining("duplicate key");
        assertThat(index.count("select count(*) from namespaces")).isZero();
        index.publish("acme/a@1.0.0");
        assertThat(index.plugin("acme/a").latestVersion()).hasToString("1.0.0");
    }

    @Test
    void whatCannotBeInTheIndexCannotBeGiven() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BulkPlugin(MARKDOWN, NOW, List.of(), 0));
        IndexEntry entry = release("acme/a@1.0.0", ReleaseStatus.LIVE, "{}").entry();
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new BulkRelease(
                                        new IndexEntry(
                                                entry.coordinate(),
                                                entry.digest(),
                                                1,
                                                List.of(),
                                                Optional.empty(),
                                                ReleaseStatus.LIVE,
                                                Optional.<Instant>empty()),
                                        "{}",
                                        Map.of()));
    }
}
