package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Digest;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * GET and HEAD /artifacts/sha256/{hex} and /artifacts/{namespace}/{name}/{version}/{file}, each
 * from the storage.
 */
class DownloadIT {

    private static final String BY_NAME = "/artifacts/acme/bytes/1.0.0/bytes-1.0.0.jar";

    private static TestRegistry registry;
    private static byte[] jar;
    private static String path;

    @BeforeAll
    static void start() {
        registry = TestRegistry.start(Map.of("MODUNEST_DOWNLOAD_MEMORY_PERCENT", "0"));
        jar = TestJars.libraryOfSize("acme/bytes@1.0.0", 300_000);
        assertThat(registry.publish("acme/bytes@1.0.0", jar).statusCode()).isEqualTo(201);
        path = registry.artifactPath(jar);
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static String header(HttpResponse<byte[]> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static void assertDescribed(HttpResponse<byte[]> response) {
        Digest digest = Digest.ofBytes(jar);
        assertThat(header(response, "ETag")).isEqualTo(digest.entityTag());
        assertThat(header(response, "Repr-Digest")).isEqualTo(digest.reprDigest());
        assertThat(header(response, "Cache-Control"))
                .isEqualTo("public, max-age=31536000, immutable");
        assertThat(header(response, "Accept-Ranges")).isEqualTo("bytes");
        assertThat(header(response, "Last-Modified")).endsWith(" GMT");
    }

    @Test
    void servesTheBytesByDigest() {
        HttpResponse<byte[]> response = registry.get(path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(jar);
        assertThat(header(response, "Content-Type")).isEqualTo("application/java-archive");
        assertThat(header(response, "Content-Length")).isEqualTo(Integer.toString(jar.length));
        assertDescribed(response);
    }

    @Test
    void servesTheBytesByName() {
        HttpResponse<byte[]> response = registry.get(BY_NAME);

        assertThat(response.body()).isEqualTo(jar);
        assertDescribed(response);
    }

    @ParameterizedTest
    @ValueSource(strings = {"by digest", "by name"})
    void headTellsTheHeadersOfGetWithoutABody(String how) {
        HttpResponse<byte[]> response = registry.head(how.equals("by name") ? BY_NAME : path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Content-Length")).isEqualTo(Integer.toString(jar.length));
        assertThat(header(response, "Content-Type")).isEqualTo("application/java-archive");
        assertThat(response.body()).isEmpty();
        assertDescribed(response);
    }

    @Test
    void answersAKnownEntityTagWithoutTheBytes() {
        HttpResponse<byte[]> response =
                registry.get(path, "If-None-Match", Digest.ofBytes(jar).entityTag());

        assertThat(response.statusCode()).isEqualTo(304);
        assertThat(response.body()).isEmpty();
        assertDescribed(response);
    }

    @Test
    void sendsTheBytesWhenTheClientKnowsOthers() {
        assertThat(registry.get(path, "If-None-Match", "\"sha256:other\"").statusCode())
                .isEqualTo(200);
    }

    @Test
    void servesOneRange() {
        HttpResponse<byte[]> response = registry.get(path, "Range", "bytes=100-199");

        assertThat(response.statusCode()).isEqualTo(206);
        assertThat(response.body()).isEqualTo(Arrays.copyOfRange(jar, 100, 200));
        assertThat(header(response, "Content-Range")).isEqualTo("bytes 100-199/" + jar.length);
        assertThat(header(response, "Content-Length")).isEqualTo("100");
        assertDescribed(response);
    }

    @Test
    void servesTheEndByASuffixRange() {
        HttpResponse<byte[]> response = registry.get(path, "Range", "bytes=-10");

        assertThat(response.statusCode()).isEqualTo(206);
        assertThat(response.body()).isEqualTo(Arrays.copyOfRange(jar, jar.length - 10, jar.length));
    }

    @Test
    void servesSeveralRangesAsMultipart() {
        HttpResponse<byte[]> response = registry.get(path, "Range", "bytes=0-9, 1000-1009, -5");

        assertThat(response.statusCode()).isEqualTo(206);
        String type = header(response, "Content-Type");
        assertThat(type).startsWith("multipart/byteranges; boundary=");
        String boundary = "--" + type.substring(type.indexOf('=') + 1);
        String[] parts =
                new String(response.body(), StandardCharsets.ISO_8859_1).split(boundary, -1);
        assertThat(parts).hasSize(5);
        assertPart(parts[1], 0, 9);
        assertPart(parts[2], 1000, 1009);
        assertPart(parts[3], jar.length - 5, jar.length - 1);
        assertThat(parts[4]).isEqualTo("--\r\n");
    }

    private static void assertPart(String part, int first, int last) {
        String bytes =
                new String(Arrays.copyOfRange(jar, first, last + 1), StandardCharsets.ISO_8859_1);
        assertThat(part)
                .isEqualTo(
                        "\r\nContent-Type: application/java-archive\r\nContent-Range: bytes "
                                + first
                                + "-"
                                + last
                                + "/"
                                + jar.length
                                + "\r\n\r\n"
                                + bytes
                                + "\r\n");
    }

    @Test
    void ifRangeWithTheSameTagServesTheRange() {
        HttpResponse<byte[]> response =
                registry.get(
                        path, "Range", "bytes=0-0", "If-Range", Digest.ofBytes(jar).entityTag());

        assertThat(response.statusCode()).isEqualTo(206);
    }

    @Test
    void ifRangeWithAnotherTagServesEverything() {
        HttpResponse<byte[]> response =
                registry.get(path, "Range", "bytes=0-0", "If-Range", "\"other\"");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(jar);
    }

    @Test
    void refusesARangeBeyondTheEnd() {
        HttpResponse<byte[]> response = registry.get(path, "Range", "bytes=900000-");

        TestRegistry.assertProblem(response, 416, "range-unsatisfiable", "ask for less than that");
        assertThat(header(response, "Content-Range")).isEqualTo("bytes */" + jar.length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bytes=abc", "bytes=", "bytes=5-2", "bytes=1-2,x", "bytes=--1", "bytes=1 2"})
    void refusesAMalformedRange(String range) {
        HttpResponse<byte[]> response = registry.get(path, "Range", range);

        TestRegistry.assertProblem(response, 416, "range-malformed", "write bytes=first-last");
        assertThat(header(response, "Content-Range")).isEqualTo("bytes */" + jar.length);
    }

    @Test
    void ignoresAnotherRangeUnit() {
        assertThat(registry.get(path, "Range", "lines=1-2").statusCode()).isEqualTo(200);
    }

    @Test
    void sendsEverythingWhenTooManyRangesAreAsked() {
        String many = "bytes=0-0" + ",4-4".repeat(20);

        assertThat(registry.get(path, "Range", many).statusCode()).isEqualTo(200);
    }

    @Test
    void servesWhatWasLookedUpWithoutTheDatabase() {
        registry.get(path);
        registry.get(BY_NAME);
        registry.execute("alter table releases rename to hidden");
        try {
            assertThat(registry.get(path).statusCode()).isEqualTo(200);
            assertThat(registry.get(BY_NAME).statusCode()).isEqualTo(200);
        } finally {
            registry.execute("alter table hidden rename to releases");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/artifacts/sha256/0000000000000000000000000000000000000000000000000000000000000000",
                "/artifacts/sha256/short",
                "/artifacts/acme/bytes/9.9.9/bytes-9.9.9.jar",
                "/artifacts/acme/bytes/1.0.0/other.jar"
            })
    void tellsThatThereIsNoSuchArtifact(String unknown) {
        HttpResponse<byte[]> response = registry.get(unknown);

        TestRegistry.assertProblem(response, 404, "artifact-unknown", "GET /index/");
        assertThat(header(response, "Cache-Control")).isEqualTo("public, max-age=1");
    }

    @Test
    void findsAnArtifactThatWasAskedForBeforeItWasPublished() {
        byte[] later = TestJars.library("acme/later@1.0.0");
        assertThat(registry.get(registry.artifactPath(later)).statusCode()).isEqualTo(404);

        registry.publish("acme/later@1.0.0", later);

        assertThat(registry.get(registry.artifactPath(later)).body()).isEqualTo(later);
    }

    @Test
    void tellsThatTheStorageLostAnArtifact() {
        byte[] lost = registry.published("acme/lost@1.0.0");
        registry.s3()
                .deleteObject(
                        delete ->
                                delete.bucket(registry.bucket())
                                        .key(
                                                "artifacts/sha256/"
                                                        + Digest.ofBytes(lost).hex().substring(0, 2)
                                                        + "/"
                                                        + Digest.ofBytes(lost).hex()));

        TestRegistry.assertProblem(
                registry.get(registry.artifactPath(lost)),
                502,
                "artifact-missing",
                "report the request id");
    }
}
