package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.db.Database;
import dev.modunest.db.DatabaseException;
import dev.modunest.db.NewRelease;
import dev.modunest.db.ReleaseState;
import dev.modunest.db.trust.RepositoryProgress;
import dev.modunest.db.trust.VersionedFile;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.Manifest;
import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.trust.TrustLevel;
import dev.modunest.format.tuf.TrustedTargets;
import dev.modunest.format.tuf.TufException;
import dev.modunest.format.tuf.write.RootKeys;
import dev.modunest.server.ceremony.Evaluation;
import dev.modunest.server.ceremony.TufCeremony;
import dev.modunest.server.ceremony.TufDraft;
import dev.modunest.server.freshness.Freshness;
import dev.modunest.server.freshness.RevocationsSigning;
import dev.modunest.server.key.KeyLocation;
import dev.modunest.server.key.KeyStorage;
import dev.modunest.server.key.Passphrase;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.periodic.Job;
import dev.modunest.server.periodic.Jobs;
import dev.modunest.server.trust.TrustDirectory;
import dev.modunest.server.trust.TufSigners;
import dev.modunest.settings.Settings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** The writer of the repository of TUF between index and trust directory. */
class FreshnessWriterIT {

    private final String url = TestBackends.newDatabase();
    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.now().truncatedTo(ChronoUnit.SECONDS));

    @TempDir private Path folder;
    private Path directory;
    private ServerConfig config;
    private Database database;
    private TrustDirectory trust;
    private Jobs jobs = new Jobs(new Metrics(), now::get);

    @BeforeEach
    void open() {
        directory = folder.resolve("trust");
        config = config(Map.of());
        database = Database.open(config.database());
        Evaluation.prepare(config.trust(), now::get);
        trust = read();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private ServerConfig config(Map<String, String> more) {
        Map<String, String> settings =
                new HashMap<>(
                        Map.ofEntries(
                                Map.entry("MODUNEST_DATABASE_URL", url),
                                Map.entry("MODUNEST_DATABASE_USER", "postgres"),
                                Map.entry("MODUNEST_DATABASE_PASSWORD", "postgres"),
                                Map.entry("MODUNEST_S3_ENDPOINT", "http://127.0.0.1:1"),
                                Map.entry("MODUNEST_S3_BUCKET", "none"),
                                Map.entry("MODUNEST_S3_ACCESS_KEY", "none"),
                                Map.entry("MODUNEST_S3_SECRET_KEY", "none"),
                                Map.entry("MODUNEST_TRUST_DIRECTORY", directory.toString()),
                                Map.entry("MODUNEST_TRUST_EVALUATION", "true"),
                                Map.entry("MODUNEST_FRESHNESS_INTERVAL", "20ms"),
                                Map.entry("MODUNEST_FRESHNESS_BATCH", "3")));
        settings.putAll(more);
        return Settings.read(ServerConfig.class, Optional.empty(), settings);
    }

    private TrustDirectory read() {
        return TrustDirectory.open(directory, "localhost", Map.of(), now.get());
    }

    private Freshness freshness() {
        return freshness(trust);
    }

    private Freshness freshness(TrustDirectory keys) {
        Metrics metrics = new Metrics();
        jobs = new Jobs(metrics, now::get);
        return new Freshness(
                new Freshness.Config(config.freshness(), config.database()),
                keys,
                database,
                jobs,
                metrics,
                now::get);
    }

    private Optional<byte[]> file(String path) {
        return database.read(tx -> tx.freshness().find(path));
    }

    private TestHost host() {
        Awaiting.until(() -> file("timestamp.json").isPresent());
        return new TestHost((path, max) -> file(path), now::get, file("1.root.json").orElseThrow());
    }

    private void publish(String coordinate) {
        Coordinate release = Coordinate.parse(coordinate);
        Manifest manifest =
                new Manifest(
                        release,
                        Manifest.Kind.LIBRARY,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty());
        database.<Boolean>inTransaction(
                tx -> {
                    long owner =
                            tx.accounts()
                                    .find("owner")
                                    .or(() -> tx.accounts().insert("owner", false, now.get()))
                                    .orElseThrow()
                                    .id();
                    boolean _ =
                            tx.namespaces().claim(release.plugin().namespace(), owner, now.get());
                    boolean inserted =
                            tx.releases()
                                    .insert(
                                            new NewRelease(
                                                    manifest,
                                                    "{}",
                                                    digest(coordinate),
                                                    9,
                                                    TrustLevel.PS_L1,
                                                    owner,
                                                    now.get()));
                    long _ =
                            tx.outbox()
                                    .append("release.published", release.plugin(), "{}", now.get());
                    return inserted;
                });
    }

    private static Digest digest(String coordinate) {
        return Digest.ofBytes(coordinate.getBytes(StandardCharsets.UTF_8));
    }

    private void quarantine(String coordinate) {
        database.<Boolean>inTransaction(
                tx -> {
                    ReleaseState state =
                            tx.releaseStates().lock(Coordinate.parse(coordinate)).orElseThrow();
                    tx.releaseStates()
                            .save(state.withQuarantined(Optional.of("steals")), now.get());
                    long _ =
                            tx.outbox()
                                    .append(
                                            "release.quarantined",
                                            state.coordinate().plugin(),
                                            "{}",
                                            now.get());
                    return true;
                });
    }

    private static String versions(JsonNode index) {
        return String.join(" ", index.path("releases").findValuesAsText("version"));
    }

    private static void awaitVersions(TestHost host, String plugin, String versions) {
        Awaiting.until(
                () ->
                        host.index(plugin)
                                .filter(index -> versions(index).equals(versions))
                                .isPresent());
    }

    private long rows(String condition) {
        return Long.parseLong(
                TestBackends.text(url, "select count(*) from tuf_files where " + condition));
    }

    @Test
    void allThatIsThereIsToldAtFirstAndAfterAGap() {
        for (int i = 0; i < 10; i++) {
            publish("acme/plugin-" + i + "@1.0.0");
        }
        Freshness first = freshness();
        TestHost host = host();
        for (int i = 0; i < 10; i++) {
            awaitVersions(host, "acme/plugin-" + i, "1.0.0");
        }
        first.close();
        publish("acme/plugin-3@2.0.0");
        publish("acme/plugin-4@2.0.0");
        TestBackends.run(url, "delete from outbox where serial = 11");
        try (Freshness _ = freshness()) {
            awaitVersions(host, "acme/plugin-3", "1.0.0 2.0.0");
            awaitVersions(host, "acme/plugin-4", "1.0.0 2.0.0");
            Awaiting.until(() -> progress().filled().isEmpty());
            assertThat(progress().serial()).contains(12L);
        }
    }

    private RepositoryProgress progress() {
        return database.read(tx -> tx.freshness().progress());
    }

    @Test
    void ofTwoServersOneWritesAndTheOtherTakesOver() throws TufException {
        Freshness first = freshness();
        publish("acme/one@1.0.0");
        TestHost host = host();
        awaitVersions(host, "acme/one", "1.0.0");
        try (Freshness _ = freshness()) {
            long before = host.refresh().timestampVersion();
            first.close();
            publish("acme/two@1.0.0");
            awaitVersions(host, "acme/two", "1.0.0");
            awaitVersions(host, "acme/one", "1.0.0");
            assertThat(host.refresh().timestampVersion()).isGreaterThan(before);
        }
    }

    @Test
    void whoIsFencedOffChangesNothingAndBeginsAnewWhereTheOtherEnded() throws TufException {
        try (Freshness _ = freshness()) {
            TestHost host = host();
            long other = database.inTransaction(tx -> tx.freshness().takeOver());
            assertThat(other).isGreaterThan(1);
            publish("acme/one@1.0.0");
            awaitVersions(host, "acme/one", "1.0.0");
            boolean written =
                    database.<Boolean>inTransaction(
                            tx ->
                                    tx.freshness()
                                            .advance(
                                                    other,
                                                    new RepositoryProgress(
                                                            Optional.empty(), Optional.empty())));
            assertThat(written).as("the writer has a newer fence").isFalse();
            assertThat(host.refresh().timestampVersion()).isPositive();
        }
    }

    @Test
    void whilePostgresIsAwayNothingIsToldAndAfterwardsEverything() {
        try (Freshness _ = freshness()) {
            TestHost host = host();
            publish("acme/one@1.0.0");
            awaitVersions(host, "acme/one", "1.0.0");
            TestBackends.setReachable(url, false);
            TestBackends.setReachable(url, true);
            Awaiting.until(this::isReachable);
            publish("acme/two@1.0.0");
            awaitVersions(host, "acme/two", "1.0.0");
        }
    }

    private boolean isReachable() {
        try {
            database.ping();
            return true;
        } catch (DatabaseException away) {
            return false;
        }
    }

    @Test
    void whatIsDueIsSignedAnewAndOldFilesAreDeleted() throws TufException {
        try (Freshness _ = freshness()) {
            publish("acme/one@1.0.0");
            TestHost host = host();
            awaitVersions(host, "acme/one", "1.0.0");
            publish("acme/one@2.0.0");
            awaitVersions(host, "acme/one", "1.0.0 2.0.0");
            assertThat(rows("path like 'targets/index/acme/%'")).isEqualTo(2);
            long before = host.refresh().timestampVersion();
            now.updateAndGet(at -> at.plus(Duration.ofMinutes(10)));
            Awaiting.until(() -> timestamp(host) > before);
            assertThat(rows("path like 'targets/index/acme/%'")).isEqualTo(2);
            now.updateAndGet(at -> at.plus(Duration.ofHours(13)));
            Awaiting.until(() -> rows("path like 'targets/index/acme/%'") == 1);
            Awaiting.until(
                    () ->
                            rows(
                                            "document like 'bin-__' and replaced_at is null and path not like '1.%'")
                                    == 256);
            now.updateAndGet(at -> at.plus(Duration.ofHours(2)));
            Awaiting.until(() -> rows("path like '1.bin-%'") == 0);
            assertThat(rows("document like 'bin-__' and replaced_at is null")).isEqualTo(256);
            awaitVersions(host, "acme/one", "1.0.0 2.0.0");
            assertThat(file("1.root.json")).isPresent();
            assertThat(host.json("revoked.json")).isPresent();
        }
    }

    private static long timestamp(TestHost host) {
        try {
            return host.refresh().timestampVersion();
        } catch (TufException refused) {
            throw new AssertionError(refused);
        }
    }

    @Test
    void aServerWithoutATimestampForHalfAnHourIsLate() {
        try (Freshness _ = freshness()) {
            TestHost host = host();
            Job job = jobs.all().getFirst();
            long before = timestamp(host);
            TestBackends.setReachable(url, false);
            now.updateAndGet(at -> at.plus(Duration.ofMinutes(31)));
            assertThat(job.isLate()).isTrue();
            TestBackends.setReachable(url, true);
            Awaiting.until(this::isReachable);
            Awaiting.until(() -> timestamp(host) > before);
            Awaiting.until(() -> !job.isLate());
        }
    }

    private Signer key(String file) {
        return new KeyStorage(Map.of())
                .open(new KeyLocation.PemFile(directory.resolve(file)), new Passphrase.None());
    }

    private TufCeremony ceremony() {
        return new TufCeremony(directory, now::get);
    }

    private void signRoot(UnaryOperator<RootKeys> change) {
        TufDraft draft = ceremony().nextRoot(change);
        for (int holder = 2; holder <= 4; holder++) {
            draft = draft.sign(key("offline/tuf-root-" + holder + ".pem"));
        }
        Path _ = ceremony().publish(draft.file());
    }

    private void signTargets(
            Map<String, byte[]> contents, Optional<Signer> revocations, Optional<Signer> bins) {
        TufDraft draft =
                ceremony()
                        .nextTargets(contents, revocations.map(Signer::key), bins.map(Signer::key));
        for (int holder = 1; holder <= 2; holder++) {
            draft = draft.sign(key("offline/tuf-targets-" + holder + ".pem"));
        }
        Path _ = ceremony().publish(draft.file());
    }

    private void aMinuteLater() {
        now.updateAndGet(at -> at.plus(Duration.ofMinutes(1)));
    }

    @Test
    void rootsAndTargetsOfTheCeremonyAreAdoptedWithoutARestart() {
        try (Freshness _ = freshness()) {
            TestHost host = host();
            publish("acme/one@1.0.0");
            awaitVersions(host, "acme/one", "1.0.0");
            signRoot(UnaryOperator.identity());
            byte[] policy = "{\"policy\":2}".getBytes(StandardCharsets.UTF_8);
            signTargets(Map.of("policy.json", policy), Optional.empty(), Optional.empty());
            aMinuteLater();
            Awaiting.until(() -> file("2.targets.json").isPresent());
            assertThat(host.target("policy.json")).contains(policy);
            assertThat(root(host)).isEqualTo(2);
            awaitVersions(host, "acme/one", "1.0.0");
        }
    }

    private static long root(TestHost host) {
        try {
            return host.refresh().rootVersion();
        } catch (TufException refused) {
            throw new AssertionError(refused);
        }
    }

    private static Signer signer() {
        return new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ED25519));
    }

    private TrustDirectory with(TufSigners tuf, Optional<Signer> revocations) {
        return new TrustDirectory(
                trust.directory(),
                trust.names(),
                trust.root(),
                trust.registry(),
                trust.timeStamping(),
                trust.authorities(),
                trust.issuing(),
                trust.log(),
                tuf,
                revocations);
    }

    @Test
    void newOnlineKeysWaitForAServerThatHasThem() throws TufException {
        TufSigners next = new TufSigners(signer(), signer(), signer());
        TestHost host;
        try (Freshness _ = freshness()) {
            host = host();
            publish("acme/one@1.0.0");
            awaitVersions(host, "acme/one", "1.0.0");
            signRoot(
                    keys ->
                            new RootKeys(
                                    keys.root(),
                                    keys.targets(),
                                    RootKeys.single(next.snapshot().key()),
                                    RootKeys.single(next.timestamp().key())));
            signTargets(Map.of(), Optional.empty(), Optional.of(next.bins()));
            aMinuteLater();
            publish("acme/one@2.0.0");
            awaitVersions(host, "acme/one", "1.0.0 2.0.0");
            assertThat(root(host)).isEqualTo(1);
        }
        try (Freshness _ = freshness(with(next, trust.revocations()))) {
            publish("acme/one@3.0.0");
            awaitVersions(host, "acme/one", "1.0.0 2.0.0 3.0.0");
            TrustedTargets trusted = host.refresh();
            assertThat(trusted.rootVersion()).isEqualTo(2);
        }
        try (Freshness _ = freshness()) {
            publish("acme/one@4.0.0");
            awaitTwoBeginnings();
            assertThat(versions(host.index("acme/one").orElseThrow()))
                    .as("a server with the former keys writes nothing")
                    .isEqualTo("1.0.0 2.0.0 3.0.0");
        }
    }

    @Test
    void revocationsMayBeSignedByAnotherProcess() {
        Signer key = trust.revocations().orElseThrow();
        RevocationsSigning signing = new RevocationsSigning(database, key, now::get);
        publish("acme/bad@1.0.0");
        try (Freshness _ = freshness(with(trust.tuf(), Optional.empty()))) {
            assertThat(signing.sign()).contains(1L);
            TestHost host = host();
            awaitVersions(host, "acme/bad", "1.0.0");
            assertThat(signing.sign()).as("it is signed").isEmpty();
            quarantine("acme/bad@1.0.0");
            assertThat(signing.sign()).contains(2L);
            Awaiting.until(() -> revoked(host).equals(List.of("acme/bad@1.0.0")));
            now.updateAndGet(at -> at.plus(Duration.ofHours(1)));
            assertThat(signing.sign()).contains(3L);
            Awaiting.until(() -> file("3.revocations.json").isPresent());
            assertThat(revoked(host)).containsExactly("acme/bad@1.0.0");

            Signer next = signer();
            RevocationsSigning elsewhere = new RevocationsSigning(database, next, now::get);
            assertThatThrownBy(elsewhere::sign).hasMessageContaining("to another key");
        }
    }

    private static List<String> revoked(TestHost host) {
        return host.json("revoked.json")
                .orElseThrow()
                .path("artifacts")
                .findValuesAsText("coordinate");
    }

    @Test
    void theDirectoryOfAnotherRegistryIsRefused() {
        freshnessOnce();
        Path other = folder.resolve("other");
        ServerConfig elsewhere = config(Map.of("MODUNEST_TRUST_DIRECTORY", other.toString()));
        Evaluation.prepare(elsewhere.trust(), now::get);
        TrustDirectory foreign = TrustDirectory.open(other, "localhost", Map.of(), now.get());
        byte[] before = file("timestamp.json").orElseThrow();
        try (Freshness _ = freshness(foreign)) {
            awaitTwoBeginnings();
            assertThat(file("timestamp.json")).contains(before);
        }
    }

    private void freshnessOnce() {
        try (Freshness _ = freshness()) {
            Awaiting.until(() -> progress().serial().isPresent() && progress().filled().isEmpty());
        }
    }

    private void awaitTwoBeginnings() {
        long fence = fence();
        Awaiting.until(() -> fence() > fence + 1);
    }

    private long fence() {
        return Long.parseLong(TestBackends.text(url, "select fence from tuf_state"));
    }

    @Test
    void whatTheKeysDidNotSignIsNotWrittenOnWith() {
        freshnessOnce();
        VersionedFile bin =
                database.<Optional<VersionedFile>>read(tx -> tx.freshness().current("snapshot"))
                        .orElseThrow();
        TestBackends.run(
                url,
                "update tuf_files set content = convert_to('{\"signed\":{},\"signatures\":[]}', 'UTF8') where path = '"
                        + bin.path()
                        + "'");
        byte[] before = file("timestamp.json").orElseThrow();
        try (Freshness _ = freshness()) {
            awaitTwoBeginnings();
            assertThat(file("timestamp.json")).contains(before);
        }
    }
}
