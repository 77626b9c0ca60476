package dev.modunest.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;
import dev.modunest.format.Digest;
import dev.modunest.format.Manifest;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.format.VersionRange;
import dev.modunest.format.resolve.IndexEntry;
import dev.modunest.format.resolve.ReleaseStatus;
import dev.modunest.format.trust.TrustLevel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** What the stores promise on every supported server. */
abstract class StoresContract {

    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00.123456Z");
    private static final Instant LATER = NOW.plusSeconds(60);
    private static final PluginId MARKDOWN = PluginId.parse("acme/markdown");

    private Database database;
    private long alice;

    abstract TestPostgres server();

    @BeforeEach
    void open() {
        database = Database.open(server().newDatabase());
        alice =
                database.inTransaction(
                        tx -> {
                            long id = tx.accounts().insert("alice", false, NOW).orElseThrow().id();
                            assertThat(tx.namespaces().claim("acme", id, NOW)).isTrue();
                            return id;
                        });
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void anAccountNameIsTakenOnce() {
        assertThat(
                        database.<Optional<Account>>inTransaction(
                                tx -> tx.accounts().insert("alice", true, LATER)))
                .isEmpty();
        assertThat(database.<Long>read(tx -> tx.accounts().count())).isEqualTo(1);
    }

    @Test
    void aTokenIsFoundByItsHashOnly() {
        String hash = Digest.ofBytes("token".getBytes(StandardCharsets.UTF_8)).hex();
        database.inTransaction(
                tx -> {
                    tx.tokens().insert(alice, hash, "laptop", NOW);
                    return true;
                });
        assertThat(
                        database.<Optional<TokenRecord>>read(tx -> tx.tokens().find(hash))
                                .map(TokenRecord::account))
                .contains(new Account(alice, "alice", false));
        assertThat(
                        database.<Optional<TokenRecord>>read(
                                tx -> tx.tokens().find(hash.replace('a', 'b'))))
                .isEmpty();
    }

    @Test
    void aNamespaceStaysWithItsFirstOwner() {
        long bob =
                database.inTransaction(
                        tx -> tx.accounts().insert("bob", false, NOW).orElseThrow().id());
        assertThat(database.<Boolean>inTransaction(tx -> tx.namespaces().claim("acme", bob, LATER)))
                .isFalse();
        assertThat(database.<Optional<Namespace>>read(tx -> tx.namespaces().find("acme")))
                .contains(
                        new Namespace(
                                "acme",
                                Optional.of(alice),
                                "alice",
                                false,
                                Optional.empty(),
                                Optional.empty(),
                                false));
        assertThat(database.<Optional<Namespace>>read(tx -> tx.namespaces().find("none")))
                .isEmpty();
    }

    @Test
    void aReleaseIsFoundAsItWasInserted() {
        assertThat(publish(manifest("1.2.3", "^1.0.0"), NOW)).isTrue();
        Release release =
                database.<Optional<Release>>read(
                                tx -> tx.releases().find(Coordinate.parse("acme/markdown@1.2.3")))
                        .orElseThrow();
        assertThat(release)
                .isEqualTo(
                        new Release(
                                Coordinate.parse("acme/markdown@1.2.3"),
                                digest("acme/markdown@1.2.3"),
                                7,
                                json(manifest("1.2.3", "^1.0.0")),
                                ReleaseStatus.LIVE,
                                "alice",
                                NOW));
        IndexedArtifact artifact =
                new IndexedArtifact(
                        MARKDOWN, false, digest("acme/markdown@1.2.3"), 7, NOW, ReleaseStatus.LIVE);
        assertThat(
                        database.<Optional<IndexedArtifact>>read(
                                tx -> tx.artifacts().find(digest("acme/markdown@1.2.3"))))
                .contains(artifact);
        assertThat(
                        database.<Optional<IndexedArtifact>>read(
                                tx -> tx.artifacts().find(release.coordinate())))
                .contains(artifact);
        assertThat(
                        database.<Optional<IndexedArtifact>>read(
                                tx -> tx.artifacts().find(digest("9.9.9"))))
                .isEmpty();
    }

    @Test
    void aVersionIsNeverReplaced() {
        publish(manifest("1.0.0", "^1.0.0"), NOW);
        assertThat(publish(manifest("1.0.0", "^2.0.0"), LATER)).isFalse();
        assertThat(entries().getFirst().requires().getFirst().range()).hasToString("^1.0.0");
        assertThat(plugin().updatedAt()).isEqualTo(NOW);
    }

    @Test
    void ofConcurrentPublishesOfOneVersionOneWins() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> attempts =
                    IntStream.range(0, 5)
                            .mapToObj(
                                    i ->
                                            threads.submit(
                                                    () -> publish(manifest("1.0.0", "^1"), NOW)))
                            .toList();
            int won = 0;
            for (Future<Boolean> attempt : attempts) {
                won += attempt.get() ? 1 : 0;
            }
            assertThat(won).isEqualTo(1);
        }
    }

    @Test
    void thePluginIsDescribedByItsLatestNormalRelease() {
        publish(manifest("1.0.0", "^1"), NOW);
        publish(manifest("3.0.0-rc.1", "^1"), LATER);
        assertThat(plugin().title()).contains("Markdown 1.0.0");
        publish(manifest("2.0.0", "^1"), LATER);
        publish(manifest("1.5.0", "^1"), LATER);
        assertThat(plugin().title()).contains("Markdown 2.0.0");
        assertThat(plugin().latestVersion()).isEqualTo(Version.parse("2.0.0"));
        assertThat(plugin().updatedAt()).isEqualTo(LATER);
        assertThat(plugin().createdAt()).isEqualTo(NOW);
        assertThat(plugin().categories()).containsExactly("text");
        assertThat(listed(Optional.empty(), 100))
                .extracting(release -> release.coordinate().version().toString())
                .containsExactly("3.0.0-rc.1", "2.0.0", "1.5.0", "1.0.0");
    }

    private List<ReleaseSummary> listed(Optional<Version> before, int limit) {
        return database.read(tx -> tx.releases().list(MARKDOWN, before, limit));
    }

    @Test
    void indexEntriesTellAllThatResolutionNeeds() {
        publish(manifest("1.10.0", "^1.0.0"), NOW);
        publish(manifest("1.9.0", "~2.0"), NOW);
        assertThat(entries()).containsExactly(entry("1.9.0", "~2.0"), entry("1.10.0", "^1.0.0"));
        assertThat(indexEntries(Set.of(PluginId.parse("acme/none")))).isEmpty();
        assertThat(indexEntries(Set.of())).isEmpty();
    }

    @Test
    void whatThrowsIsRolledBackAndReachesTheCaller() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(
                        () ->
                                database.inTransaction(
                                        tx -> {
                                            tx.accounts().insert("carol", false, NOW);
                                            throw new IllegalArgumentException("no");
                                        }));
        assertThat(database.<Long>read(tx -> tx.accounts().count())).isEqualTo(1);
    }

    @Test
    void releasesAreListedInSemanticVersionOrder() {
        List<String> ascending =
                List.of(
                        "0.0.0-0",
                        "0.9.9",
                        "1.0.0-0",
                        "1.0.0-2",
                        "1.0.0-10",
                        "1.0.0-10.0",
                        "1.0.0--",
                        "1.0.0-10a",
                        "1.0.0-alpha",
                        "1.0.0-alpha.1",
                        "1.0.0-alpha.beta",
                        "1.0.0-alpha-1",
                        "1.0.0-alpha0",
                        "1.0.0-beta.2",
                        "1.0.0-beta.11",
                        "1.0.0",
                        "1.2.10",
                        "1.10.2",
                        "10.0.0-x",
                        "9007199254740991.0.0");
        assertThat(ascending.stream().map(Version::parse)).isSorted();
        List<String> shuffled = new ArrayList<>(ascending);
        Collections.shuffle(shuffled, new Random(7));
        shuffled.forEach(version -> assertThat(publish(manifest(version, "*"), NOW)).isTrue());
        assertThat(listed(Optional.empty(), 100))
                .extracting(release -> release.coordinate().version().toString())
                .isEqualTo(ascending.reversed());
        assertThat(listed(Optional.of(Version.parse("1.0.0-beta.2")), 3))
                .extracting(release -> release.coordinate().version().toString())
                .containsExactly("1.0.0-alpha0", "1.0.0-alpha-1", "1.0.0-alpha.beta");
        assertThat(listed(Optional.of(Version.parse("0.0.0-0")), 3)).isEmpty();
        assertThat(database.<Long>read(tx -> tx.releases().indexBytes(PluginId.parse("acme/none"))))
                .isZero();
        assertThat(database.<Long>read(tx -> tx.releases().indexBytes(MARKDOWN)))
                .isBetween(300L * ascending.size(), 600L * ascending.size());
    }

    @Test
    void outboxRefusesWhatIsNoJson() {
        database.inTransaction(
                tx -> {
                    tx.outbox().append("release.published", MARKDOWN, "{\"a\": 1}", NOW);
                    return true;
                });
        assertThatExceptionOfType(DatabaseException.class)
                .isThrownBy(
                        () ->
                                database.inTransaction(
                                        tx -> {
                                            tx.outbox()
                                                    .append(
                                                            "release.published",
                                                            MARKDOWN,
                                                            "{",
                                                            NOW);
                                            return true;
                                        }))
                .matches(failure -> !failure.isUnavailable());
    }

    @Test
    void aFullPoolIsToldWithinTheConnectionTimeout() {
        DatabaseConfig one = TestPostgres.config(server().newDatabase().url(), 1);
        try (Database small = Database.open(one);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            small.read(
                    outer -> {
                        assertThat(small.poolStatistics())
                                .isEqualTo(new PoolStatistics(1, 0, 1, 0, 1));
                        assertThatThrownBy(() -> threads.submit(small::ping).get())
                                .cause()
                                .isInstanceOfSatisfying(
                                        DatabaseException.class,
                                        full -> assertThat(full.isUnavailable()).isTrue());
                        return outer.accounts().count();
                    });
            small.ping();
        }
    }

    @Test
    void openingTwiceFindsTheSameData() {
        DatabaseConfig config = server().newDatabase();
        try (Database first = Database.open(config)) {
            first.inTransaction(tx -> tx.accounts().insert("dora", true, NOW));
        }
        try (Database second = Database.open(config)) {
            assertThat(second.<Long>read(tx -> tx.accounts().count())).isEqualTo(1);
        }
    }

    private boolean publish(Manifest manifest, Instant now) {
        return insert(manifest, now);
    }

    private boolean insert(Manifest manifest, Instant now) {
        return database.inTransaction(
                tx ->
                        tx.releases()
                                .insert(
                                        new NewRelease(
                                                manifest,
                                                json(manifest),
                                                digest(manifest.coordinate().toString()),
                                                7,
                                                TrustLevel.PS_L1,
                                                alice,
                                                now)));
    }

    private static Manifest manifest(String version, String range) {
        return manifest(
                "acme/markdown@" + version,
                "Markdown " + version,
                List.of(
                        new Dependency(
                                PluginId.parse("acme/html-clean"),
                                VersionRange.parse(range),
                                false),
                        new Dependency(PluginId.parse("acme/a"), VersionRange.parse("*"), true)));
    }

    private static Manifest manifest(String coordinate, String title, List<Dependency> requires) {
        return new Manifest(
                Coordinate.parse(coordinate),
                Manifest.Kind.PLUGIN,
                Optional.of("acme.Main"),
                Optional.of(title),
                Optional.empty(),
                requires,
                Optional.of(VersionRange.parse(">=1.0.0")),
                List.of(),
                List.of(),
                List.of("text"),
                Optional.of("Apache-2.0"),
                Optional.empty());
    }

    private static String json(Manifest manifest) {
        return "{\"title\": \"%s\", \"categories\": [\"text\"], \"license\": \"Apache-2.0\"}"
                .formatted(manifest.title().orElseThrow());
    }

    private static IndexEntry entry(String version, String range) {
        Manifest manifest = manifest(version, range);
        return new IndexEntry(
                manifest.coordinate(),
                digest(manifest.coordinate().toString()),
                7,
                manifest.requires(),
                manifest.host(),
                ReleaseStatus.LIVE,
                Optional.of(NOW));
    }

    private static Digest digest(String content) {
        return Digest.ofBytes(content.getBytes(StandardCharsets.UTF_8));
    }

    private PluginRecord plugin() {
        return database.<Optional<PluginRecord>>read(tx -> tx.plugins().find(MARKDOWN))
                .orElseThrow();
    }

    private List<IndexEntry> entries() {
        return indexEntries(Set.of(MARKDOWN)).getOrDefault(MARKDOWN, List.of());
    }

    private Map<PluginId, List<IndexEntry>> indexEntries(Set<PluginId> plugins) {
        return database.read(tx -> tx.releases().indexEntries(plugins));
    }
}
