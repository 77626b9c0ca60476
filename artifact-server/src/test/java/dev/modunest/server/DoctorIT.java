package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.modunest.db.Database;
import dev.modunest.format.Digest;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.artifact.StoreException;
import dev.modunest.server.artifact.StoredObject.Artifact;
import dev.modunest.server.artifact.StoredObject.Staging;
import dev.modunest.server.doctor.Difference;
import dev.modunest.server.doctor.Doctor;
import dev.modunest.server.doctor.DoctorOptions;
import dev.modunest.server.doctor.Findings;
import dev.modunest.settings.Settings;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import software.amazon.awssdk.core.sync.RequestBody;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Each kind of difference, made on purpose. */
class DoctorIT {

    private static final Duration DAY = Duration.ofDays(1);
    private static final DoctorOptions QUICK =
            new DoctorOptions(false, 4, Duration.ZERO, DAY, Optional.empty());
    private static final DoctorOptions BYTES =
            new DoctorOptions(true, 4, Duration.ZERO, DAY, Optional.empty());

    private static final List<String> LOG = List.of("log/", "attest/", "trust/");

    private static final AtomicInteger NAMESPACES = new AtomicInteger();

    private static TestRegistry registry;
    private static ArtifactStore store;
    private static Database database;

    /** Of each test its own: the log keeps what the index forgets. */
    private final String namespace = "acme" + NAMESPACES.incrementAndGet();

    private final List<Difference> found = new ArrayList<>();
    private final AtomicInteger steps = new AtomicInteger();

    @BeforeAll
    static void start() {
        registry = TestRegistry.start();
        store = ArtifactStore.openExisting(registry.config().s3());
        database = Database.connect(registry.config().database());
    }

    @AfterAll
    static void stop() {
        database.close();
        store.close();
        registry.close();
    }

    @AfterEach
    void empty() {
        registry.keys("").stream()
                .filter(key -> LOG.stream().noneMatch(key::startsWith))
                .forEach(
                        key ->
                                registry.s3()
                                        .deleteObject(
                                                delete ->
                                                        delete.bucket(registry.bucket()).key(key)));
        registry.execute("truncate releases, dependencies, publishes");
    }

    private Findings examine(DoctorOptions options) {
        return examine(options, Instant.now());
    }

    private Findings examine(DoctorOptions options, Instant now) {
        return new Doctor(store, database, options, () -> now)
                .examine(found::add, steps::incrementAndGet);
    }

    @Test
    void whatWasPublishedAgrees() {
        byte[] one = registry.published(namespace + "/one@1.0.0");
        byte[] two = registry.published(namespace + "/two@1.0.0");

        Findings findings = examine(BYTES);

        assertThat(found).isEmpty();
        assertThat(findings.agree()).isTrue();
        assertThat(findings.objects()).isEqualTo(2);
        assertThat(findings.bytes()).isEqualTo(one.length + two.length);
        assertThat(findings.releases()).isEqualTo(2);
        assertThat(findings.hashed()).isEqualTo(2);
        assertThat(steps).hasValue(2);
    }

    @Test
    void anArtifactWithoutAReleaseIsAnOrphanOnceItHasSettled() {
        registry.published(namespace + "/one@1.0.0");
        Digest orphan = Digest.ofBytes(new byte[] {1});
        put(new Artifact(orphan).key(), new byte[] {1});

        Findings young =
                examine(new DoctorOptions(false, 1, Duration.ofMinutes(5), DAY, Optional.empty()));
        assertThat(found).isEmpty();
        assertThat(young.underWay()).isEqualTo(1);

        Findings settled = examine(QUICK, Instant.now().plusSeconds(60));
        assertThat(found)
                .singleElement()
                .isInstanceOfSatisfying(
                        Difference.Orphan.class,
                        difference -> assertThat(difference.digest()).isEqualTo(orphan));
        assertThat(settled.agree()).isFalse();
        assertThat(settled.differences()).containsOnlyKeys("orphan");
    }

    @Test
    void onlyOldOrphansAreRemoved() {
        byte[] one = registry.published(namespace + "/one@1.0.0");
        Digest orphan = Digest.ofBytes(new byte[] {1});
        put(new Artifact(orphan).key(), new byte[] {1});
        put("artifacts/readme.txt", new byte[] {1});
        DoctorOptions repair =
                new DoctorOptions(false, 4, Duration.ZERO, DAY, Optional.of(DAY.multipliedBy(2)));

        assertThat(examine(repair, Instant.now().plus(DAY)).removed()).isZero();
        assertThat(registry.storedKeys()).hasSize(3);
        found.clear();

        Findings repaired = examine(repair, Instant.now().plus(DAY.multipliedBy(3)));
        assertThat(repaired.removed()).isEqualTo(1);
        assertThat(found)
                .extracting(Difference::code)
                .containsExactlyInAnyOrder("orphan", "unknown-object");
        assertThat(repaired.agree()).as("the unknown object stays").isFalse();
        assertThat(registry.storedKeys())
                .containsExactlyInAnyOrder(
                        new Artifact(Digest.ofBytes(one)).key(), "artifacts/readme.txt");
    }

    @Test
    void bytesThatAreMissingLongerOrOthersAreNamed() {
        String missing = key(registry.published(namespace + "/missing@1.0.0"));
        byte[] longer = registry.published(namespace + "/longer@1.0.0");
        byte[] others = registry.published(namespace + "/others@1.0.0");
        registry.published(namespace + "/right@1.0.0");
        registry.s3().deleteObject(delete -> delete.bucket(registry.bucket()).key(missing));
        put(key(longer), new byte[longer.length + 1]);
        put(key(others), new byte[others.length]);

        examine(QUICK);
        assertThat(found)
                .extracting(Difference::code)
                .containsExactlyInAnyOrder("missing-bytes", "wrong-size");
        found.clear();

        Findings findings = examine(BYTES);
        assertThat(found)
                .extracting(Difference::toString)
                .anySatisfy(
                        text ->
                                assertThat(text)
                                        .contains("MissingBytes", namespace + "/missing@1.0.0"))
                .anySatisfy(
                        text ->
                                assertThat(text)
                                        .contains(
                                                "WrongSize",
                                                namespace + "/longer@1.0.0",
                                                "storedSize=" + (longer.length + 1)))
                .anySatisfy(
                        text ->
                                assertThat(text)
                                        .contains(
                                                "WrongDigest",
                                                namespace + "/others@1.0.0",
                                                Digest.ofBytes(new byte[others.length]).hex()));
        assertThat(findings.differences().values()).containsExactly(1L, 1L, 1L);
    }

    @Test
    void bytesOfADeletedReleaseAreNamedUntilTheyAreGone() {
        String deleted = key(registry.published(namespace + "/one@1.0.0"));
        registry.execute("update releases set deleted_at = now(), deleted_reason = 'mistake'");

        assertThat(examine(QUICK).differences()).containsOnlyKeys("deleted-bytes");
        registry.s3().deleteObject(delete -> delete.bucket(registry.bucket()).key(deleted));
        assertThat(examine(QUICK).agree()).isTrue();
    }

    @Test
    void anUploadIsAbandonedWhenItIsOldAndNoPublishNeedsIt() {
        String abandoned = Staging.create().key();
        String needed = Staging.create().key();
        put(abandoned, new byte[] {1});
        put(needed, new byte[] {2});
        registry.execute(
                "insert into publishes (id, account_id, namespace, name, version, state, staging_key, created_at, updated_at)"
                        + " select gen_random_uuid(), id, 'acme', 'one', '1.0.0', 'queued', '"
                        + needed
                        + "', now(), now() from accounts");

        Findings young = examine(QUICK);
        assertThat(young.agree()).isTrue();
        assertThat(young.underWay()).isEqualTo(2);

        examine(QUICK, Instant.now().plus(DAY.multipliedBy(2)));
        assertThat(found)
                .singleElement()
                .isInstanceOfSatisfying(
                        Difference.AbandonedUpload.class,
                        difference -> assertThat(difference.object().key()).isEqualTo(abandoned));
    }

    @Test
    void objectsUnderOtherKeysAreNamed() {
        Set<String> keys =
                Set.of("readme", "artifacts/sha256/00/short", "staging/x", "artifacts/a/b/c/d");
        keys.forEach(key -> put(key, new byte[] {1}));
        examine(QUICK);
        Set<String> named = new HashSet<>();
        found.forEach(
                difference -> named.add(((Difference.UnknownObject) difference).object().key()));
        assertThat(named).isEqualTo(keys);
    }

    @Test
    void publishesUnderWayAreNoDifference() {
        for (int release = 0; release < 10; release++) {
            registry.published(namespace + "/before@1.0." + release);
        }
        CompletableFuture<Void> publishing =
                CompletableFuture.runAsync(
                        () -> {
                            for (int release = 0; release < 25; release++) {
                                registry.published(namespace + "/meanwhile@1.0." + release);
                            }
                        });
        DoctorOptions options =
                new DoctorOptions(true, 4, Duration.ofMinutes(1), DAY, Optional.empty());
        do {
            assertThat(examine(options).agree()).as(found.toString()).isTrue();
        } while (!publishing.isDone());
        publishing.join();
        assertThat(examine(options).releases()).isEqualTo(35);
    }

    @Test
    void aBucketThatCannotBeReadIsTold() {
        ArtifactStore closed = ArtifactStore.openExisting(registry.config().s3());
        closed.close();
        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(
                        () ->
                                new Doctor(closed, database, QUICK, Instant::now)
                                        .examine(found::add, () -> {}));
        Map<String, String> elsewhere = new HashMap<>(registry.environment());
        elsewhere.put("MODUNEST_S3_BUCKET", "no-such-bucket");
        ServerConfig config = Settings.read(ServerConfig.class, Optional.empty(), elsewhere);
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> ArtifactStore.openExisting(config.s3()));
    }

    @Test
    void filesOfTheLogAreHeldAgainstItsLeaves() {
        registry.published(namespace + "/one@1.0.0");
        Findings findings = examine(BYTES);
        assertThat(findings.agree()).as(found.toString()).isTrue();
        assertThat(findings.logFiles()).isGreaterThan(examine(QUICK).logFiles()).isPositive();

        String summary = "trust/" + namespace + "/one/1.0.0/one-1.0.0.jar.vsa.sigstore.json";
        String statement = registry.keys("attest/").getFirst();
        damaged(summary, "{}".getBytes(StandardCharsets.UTF_8), "wrong-log-file");
        damaged(statement, new byte[] {1}, "wrong-log-file");
        String tile =
                registry.keys("log/").stream()
                        .filter(key -> key.contains("/tile/0/"))
                        .max(Comparator.comparingInt(DoctorIT::width))
                        .orElseThrow();
        damaged(tile, new byte[32 * width(tile)], "wrong-log-file");
        byte[] kept = get(tile);
        registry.s3().deleteObject(delete -> delete.bucket(registry.bucket()).key(tile));
        assertThat(examine(QUICK).differences()).containsExactly(Map.entry("missing-log-file", 1L));
        put(tile, kept);
    }

    private void damaged(String key, byte[] bytes, String code) {
        byte[] kept = get(key);
        put(key, bytes);
        assertThat(examine(BYTES).differences()).as(key).containsExactly(Map.entry(code, 1L));
        put(key, kept);
    }

    private static int width(String tile) {
        return Integer.parseInt(tile.substring(tile.lastIndexOf('/') + 1));
    }

    private static byte[] get(String key) {
        return registry.s3()
                .getObjectAsBytes(get -> get.bucket(registry.bucket()).key(key))
                .asByteArray();
    }

    private static String key(byte[] jar) {
        return new Artifact(Digest.ofBytes(jar)).key();
    }

    private static void put(String key, byte[] bytes) {
        registry.s3()
                .putObject(
                        put -> put.bucket(registry.bucket()).key(key),
                        RequestBody.fromBytes(bytes));
    }
}
