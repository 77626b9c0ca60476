package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.db.Database;
import dev.modunest.format.Digest;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.artifact.StoredObject.Artifact;
import dev.modunest.server.doctor.Difference;
import dev.modunest.server.doctor.Doctor;
import dev.modunest.server.doctor.DoctorOptions;
import dev.modunest.server.doctor.Findings;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * A registry on a cluster that is lost and restored, and what publishers know of it: what they
 * sent, and what of that was answered with 201.
 */
final class RecoveryDrill implements AutoCloseable {

    private static final int PUBLISHERS = 4;

    private final Map<String, byte[]> sent = new ConcurrentHashMap<>();
    private final Map<String, byte[]> acknowledged = new ConcurrentHashMap<>();
    private final BackedUpCluster cluster;
    private final String token;
    private TestRegistry registry;

    private RecoveryDrill(BackedUpCluster cluster, TestRegistry registry) {
        this.cluster = cluster;
        this.registry = registry;
        this.token = registry.token();
    }

    static RecoveryDrill on(BackedUpCluster cluster) {
        try {
            return new RecoveryDrill(
                    cluster, TestRegistry.start(Map.of("MODUNEST_DATABASE_URL", cluster.url())));
        } catch (RuntimeException failed) {
            cluster.close();
            throw failed;
        }
    }

    BackedUpCluster cluster() {
        return cluster;
    }

    TestRegistry registry() {
        return registry;
    }

    /** On the same database and bucket, as after the restore. */
    void restartRegistry() {
        registry.close();
        registry =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_DATABASE_URL",
                                cluster.url(),
                                "MODUNEST_S3_BUCKET",
                                registry.bucket()));
    }

    /** The digest of what was sent. */
    Digest publish(String coordinate) {
        byte[] jar = TestJars.library(coordinate);
        publish(coordinate, jar);
        return Digest.ofBytes(jar);
    }

    void publish(String coordinate, byte[] jar) {
        assertThat(isPublished(coordinate, jar)).as(coordinate).isTrue();
    }

    private boolean isPublished(String coordinate, byte[] jar) {
        sent.put(coordinate, jar);
        boolean created = registry.publishAs(token, coordinate, jar).statusCode() == 201;
        if (created) {
            acknowledged.put(coordinate, jar);
        }
        return created;
    }

    /** The bytes of an artifact, past the registry. */
    byte[] stored(Digest digest) {
        return registry.s3()
                .getObjectAsBytes(
                        get -> get.bucket(registry.bucket()).key(new Artifact(digest).key()))
                .asByteArray();
    }

    void yank(String coordinate, String reason) {
        HttpResponse<byte[]> response =
                registry.send(
                        registry.request(path(coordinate))
                                .header("Authorization", "Bearer " + token)
                                .header("Content-Type", "application/merge-patch+json")
                                .method(
                                        "PATCH",
                                        HttpRequest.BodyPublishers.ofString(
                                                "{\"yanked\": {\"reason\": \"" + reason + "\"}}")));
        assertThat(response.statusCode()).isEqualTo(200);
    }

    /**
     * Publishes from several clients; the server is killed once {@code least} more publishes were
     * answered with 201, and they go on until they notice.
     */
    void publishUntilTheCrash(int least) throws InterruptedException {
        int before = acknowledged.size();
        List<Thread> publishers =
                IntStream.range(0, PUBLISHERS)
                        .mapToObj(number -> Thread.ofVirtual().start(() -> publishOn(number)))
                        .toList();
        Awaiting.until(() -> acknowledged.size() >= before + least);
        cluster.crash();
        for (Thread publisher : publishers) {
            publisher.join();
        }
    }

    private void publishOn(int number) {
        int version = 0;
        String coordinate;
        do {
            coordinate = "crash/publisher-" + number + "@1.0." + version++;
        } while (isPublished(coordinate, TestJars.library(coordinate)));
    }

    int status(String coordinate) {
        return registry.get(path(coordinate)).statusCode();
    }

    String document(String coordinate) {
        return new String(registry.get(path(coordinate)).body(), StandardCharsets.UTF_8);
    }

    private static String path(String coordinate) {
        return "/api/v1/plugins/" + coordinate.replace('@', '/');
    }

    void assertNothingAcknowledgedIsMissing() {
        acknowledged.forEach(
                (coordinate, jar) -> {
                    assertThat(document(coordinate))
                            .as(coordinate)
                            .contains(Digest.ofBytes(jar).hex());
                    assertThat(registry.get(registry.artifactPath(jar)).body())
                            .as(coordinate)
                            .isEqualTo(jar);
                });
    }

    /** What the examination of every byte says. */
    List<Difference> differences() {
        List<Difference> found = new ArrayList<>();
        DoctorOptions options =
                new DoctorOptions(true, 4, Duration.ZERO, Duration.ofDays(1), Optional.empty());
        try (ArtifactStore store = ArtifactStore.openExisting(registry.config().s3());
                Database database = Database.connect(registry.config().database())) {
            Findings findings =
                    new Doctor(store, database, options, InstantSource.system())
                            .examine(found::add, () -> {});
            assertThat(findings.hashed()).isEqualTo(registry.rows("releases"));
        }
        return found;
    }

    /** Storage and index agree but for bytes of publishes that were never answered with 201. */
    void assertStorageAgrees() {
        List<Digest> unanswered =
                sent.entrySet().stream()
                        .filter(one -> !acknowledged.containsKey(one.getKey()))
                        .map(one -> Digest.ofBytes(one.getValue()))
                        .toList();
        assertThat(differences())
                .allSatisfy(
                        difference ->
                                assertThat(difference)
                                        .isInstanceOfSatisfying(
                                                Difference.Orphan.class,
                                                orphan ->
                                                        assertThat(unanswered)
                                                                .contains(orphan.digest())));
    }

    @Override
    public void close() {
        try {
            registry.close();
        } finally {
            cluster.close();
        }
    }
}
