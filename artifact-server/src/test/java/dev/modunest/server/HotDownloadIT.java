package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Digest;
import dev.modunest.server.artifact.StoredObject.Artifact;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import software.amazon.awssdk.core.sync.RequestBody;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Artifacts that are asked for again come from memory. */
class HotDownloadIT {

    private static TestRegistry registry;

    @BeforeAll
    static void start() {
        registry = TestRegistry.start();
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static byte[] published(String coordinate) {
        byte[] jar = TestJars.libraryOfSize(coordinate, 200_000);
        assertThat(registry.publish(coordinate, jar).statusCode()).isEqualTo(201);
        return jar;
    }

    private static void removeFromStorage(byte[] jar) {
        registry.s3()
                .deleteObject(
                        delete ->
                                delete.bucket(registry.bucket())
                                        .key(new Artifact(Digest.ofBytes(jar)).key()));
    }

    @Test
    void whatWasAskedForTwiceIsServedWithoutTheStorage() {
        byte[] jar = published("acme/hot@1.0.0");
        String path = registry.artifactPath(jar);
        assertThat(registry.get(path).body()).isEqualTo(jar);
        assertThat(registry.get(path).body()).isEqualTo(jar);

        removeFromStorage(jar);

        HttpResponse<byte[]> whole = registry.get(path);
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo(jar);
        HttpResponse<byte[]> part = registry.get(path, "Range", "bytes=1000-150000");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(jar, 1_000, 150_001));
        assertThat(registry.get(path, "Range", "bytes=-1").body())
                .isEqualTo(new byte[] {jar[jar.length - 1]});
        String parts =
                new String(
                        registry.get(path, "Range", "bytes=0-0,5-9").body(),
                        StandardCharsets.ISO_8859_1);
        assertThat(parts)
                .contains(new String(Arrays.copyOfRange(jar, 5, 10), StandardCharsets.ISO_8859_1));
        assertThat(registry.metric("modunest_hot_artifacts")).isTrue();
    }

    @Test
    void whatWasAskedForOnceIsNotKept() {
        byte[] jar = published("acme/once@1.0.0");
        registry.get(registry.artifactPath(jar));

        removeFromStorage(jar);

        TestRegistry.assertProblem(
                registry.get(registry.artifactPath(jar)), 502, "artifact-missing", "gone");
    }

    @Test
    void aQuarantinedArtifactIsNotServedFromMemory() {
        byte[] jar = published("acme/bad@1.0.0");
        String path = registry.artifactPath(jar);
        registry.get(path);
        registry.get(path);

        HttpResponse<byte[]> changed =
                registry.send(
                        registry.request("/api/v1/plugins/acme/bad/1.0.0")
                                .header("Authorization", "Bearer " + registry.token())
                                .header("Content-Type", "application/json")
                                .method(
                                        "PATCH",
                                        java.net.http.HttpRequest.BodyPublishers.ofString(
                                                "{\"quarantined\": {\"reason\": \"malware\"}}")));
        assertThat(changed.statusCode()).isEqualTo(200);

        assertThat(registry.get(path).statusCode()).isEqualTo(451);
    }

    @Test
    void otherBytesUnderTheDigestAreNotTakenIn() {
        byte[] jar = published("acme/rotten@1.0.0");
        registry.get(registry.artifactPath(jar));
        byte[] rotten = jar.clone();
        rotten[rotten.length / 2] ^= 1;
        registry.s3()
                .putObject(
                        put ->
                                put.bucket(registry.bucket())
                                        .key(new Artifact(Digest.ofBytes(jar)).key()),
                        RequestBody.fromBytes(rotten));

        TestRegistry.assertProblem(
                registry.get(registry.artifactPath(jar)), 503, "storage-unavailable", "");

        registry.s3()
                .putObject(
                        put ->
                                put.bucket(registry.bucket())
                                        .key(new Artifact(Digest.ofBytes(jar)).key()),
                        RequestBody.fromBytes(jar));
        assertThat(registry.get(registry.artifactPath(jar)).body()).isEqualTo(jar);
    }

    @Test
    void manyWhoAskAtOnceGetTheWholeBytes() {
        byte[] jar = published("acme/many@1.0.0");
        String path = registry.artifactPath(jar);

        List<byte[]> bodies =
                IntStream.range(0, 32).parallel().mapToObj(_ -> registry.get(path).body()).toList();

        assertThat(bodies).allSatisfy(body -> assertThat(body).isEqualTo(jar));
    }
}
