package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.format.Digest;
import dev.modunest.format.http.Problem;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** PUT /api/v1/plugins/{namespace}/{name}/{version}, one test per rule. */
class PublishIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private TestRegistry registry;

    @BeforeEach
    void start() {
        registry =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_UPLOAD_MAX_SIZE", "12MiB",
                                "MODUNEST_PUBLISH_MAX_INDEX", "1KiB",
                                "MODUNEST_CONNECTION_LINGER_SIZE", "32MiB"));
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void publishesAndTellsWhatWasPublished() throws IOException {
        byte[] jar = TestJars.library("acme/first@1.2.3");

        HttpResponse<byte[]> response =
                registry.publish(
                        "acme/first@1.2.3", jar, "Content-Type", "application/java-archive");

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.headers().firstValue("Location"))
                .hasValue("/api/v1/plugins/acme/first/1.2.3");
        JsonNode release = JSON.readTree(response.body());
        Digest digest = Digest.ofBytes(jar);
        assertThat(release.get("coordinate").asText()).isEqualTo("acme/first@1.2.3");
        assertThat(release.get("digest").asText()).isEqualTo(digest.toString());
        assertThat(release.get("size").asInt()).isEqualTo(jar.length);
        assertThat(release.get("url").asText()).isEqualTo("/artifacts/sha256/" + digest.hex());
        assertThat(release.get("published_at").asText()).endsWith("Z");
        assertThat(registry.get("/artifacts/sha256/" + digest.hex()).body()).isEqualTo(jar);
        assertThat(registry.storedKeys())
                .containsExactly(
                        "artifacts/sha256/" + digest.hex().substring(0, 2) + "/" + digest.hex());
        assertThat(registry.rows("outbox")).isEqualTo(1);
    }

    @Test
    void reportsManifestFieldsThatItDoesNotKnow() throws IOException {
        String manifest =
                TestJars.manifest("acme/odd@1.0.0").replaceFirst("\\{", "{\"colour\": \"red\", ");

        HttpResponse<byte[]> response =
                registry.publish("acme/odd@1.0.0", TestJars.jar(manifest, Map.of()));

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(JSON.readTree(response.body()).get("unknown_fields").get(0).asText())
                .isEqualTo("/colour");
    }

    @Test
    void publishesInSeveralPartsWhatDoesNotFitOne() {
        byte[] jar = TestJars.libraryOfSize("acme/large@1.0.0", 11 << 20);

        assertThat(registry.publish("acme/large@1.0.0", jar).statusCode()).isEqualTo(201);

        assertThat(registry.get(registry.artifactPath(jar)).body()).isEqualTo(jar);
        assertThat(registry.unfinishedUploads()).isZero();
    }

    @Test
    void takesABodyInChunks() {
        byte[] jar = TestJars.libraryOfSize("acme/chunks@1.0.0", 6 << 20);

        HttpResponse<byte[]> response =
                registry.send(
                        registry.publishRequest("acme/chunks@1.0.0", jar)
                                .PUT(
                                        HttpRequest.BodyPublishers.ofInputStream(
                                                () -> new ByteArrayInputStream(jar))));

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(registry.get(registry.artifactPath(jar)).body()).isEqualTo(jar);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Repr-Digest", "Content-Digest"})
    void acceptsTheRightDigestHeader(String header) {
        byte[] jar = TestJars.library("acme/digest@1.0.0");

        HttpResponse<byte[]> response =
                registry.publish(
                        "acme/digest@1.0.0",
                        jar,
                        header,
                        "unixsum=30637, " + Digest.ofBytes(jar).reprDigest());

        assertThat(response.statusCode()).isEqualTo(201);
    }

    @Test
    void refusesBytesThatAreNotTheAnnouncedOnes() {
        HttpResponse<byte[]> response =
                registry.publish(
                        "acme/digest@1.0.0",
                        TestJars.library("acme/digest@1.0.0"),
                        "Repr-Digest",
                        Digest.ofBytes(new byte[1]).reprDigest());

        Problem problem =
                TestRegistry.assertProblem(
                        response, 400, "digest-mismatch", "compute the digest of the file");
        assertThat(problem.detail()).contains(Digest.ofBytes(new byte[1]).toString());
        registry.assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha-256=abc", "md5=:AAAA:", "sha-256=:AAAA:", "nonsense"})
    void refusesADigestHeaderThatItCannotRead(String value) {
        HttpResponse<byte[]> response =
                registry.publish(
                        "acme/digest@1.0.0",
                        TestJars.library("acme/digest@1.0.0"),
                        "Repr-Digest",
                        value);

        TestRegistry.assertProblem(response, 400, "digest-header-invalid", "write sha-256=:");
        registry.assertNothingLeft();
    }

    @Test
    void refusesDigestHeadersThatDisagree() {
        HttpResponse<byte[]> response =
                registry.publish(
                        "acme/digest@1.0.0",
                        TestJars.library("acme/digest@1.0.0"),
                        "Repr-Digest",
                        Digest.ofBytes(new byte[1]).reprDigest(),
                        "Content-Digest",
                        Digest.ofBytes(new byte[2]).reprDigest());

        TestRegistry.assertProblem(response, 400, "digest-header-invalid", "send one of them");
    }

    @Test
    void refusesAPathThatTheManifestDoesNotName() {
        HttpResponse<byte[]> response =
                registry.publish("acme/this@1.0.0", TestJars.library("acme/that@1.0.0"));

        TestRegistry.assertProblem(
                response,
                422,
                "coordinate-mismatch",
                "publish to the path that the manifest names");
        registry.assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme/Bad/1.0.0", "acme/x/1.0", "acme/x/v1.0.0", "acme/x/1.0.0+build"})
    void refusesAPathThatNamesNoRelease(String path) {
        HttpResponse<byte[]> response = registry.publish(path, TestJars.library("acme/x@1.0.0"));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(TestRegistry.problem(response).code()).isEqualTo("coordinate-invalid");
    }

    @Test
    void refusesAVersionThatExistsBeforeItReadsTheBody() throws IOException {
        byte[] jar = registry.published("acme/once@1.0.0");
        long keys = registry.storedKeys().size();
        try (RawClient client = new RawClient(registry.server().uri())) {
            RawClient.Response response =
                    client.send(
                                    head(
                                            "acme/once/1.0.0",
                                            "Content-Length: 1000\nExpect: 100-continue"))
                            .response();

            assertThat(response.status()).isEqualTo(409);
            assertThat(response.problem().code()).isEqualTo("version-exists");
            assertThat(response.problem().detail())
                    .contains(Digest.ofBytes(jar).toString())
                    .contains("raise the version");
        }
        assertThat(registry.storedKeys()).hasSize((int) keys);
    }

    private String head(String path, String headers) {
        return "PUT /api/v1/plugins/"
                + path
                + " HTTP/1.1\nHost: localhost\nAuthorization: Bearer "
                + registry.token()
                + "\n"
                + headers
                + "\n\n";
    }

    @Test
    void asksForTheBodyWhenNothingSpeaksAgainstIt() throws IOException {
        byte[] jar = TestJars.library("acme/expect@1.0.0");
        try (RawClient client = new RawClient(registry.server().uri())) {
            client.send(
                    head(
                            "acme/expect/1.0.0",
                            "Content-Length: " + jar.length + "\nExpect: 100-continue"));
            assertThat(client.response().status()).isEqualTo(100);

            assertThat(client.send(jar).response().status()).isEqualTo(201);
        }
    }

    @Test
    void saysOfAnExistingVersionWhetherTheBytesAreTheSame() {
        byte[] jar = registry.published("acme/once@1.0.0");

        TestRegistry.assertProblem(
                registry.publish(
                        "acme/once@1.0.0", jar, "Repr-Digest", Digest.ofBytes(jar).reprDigest()),
                409,
                "version-exists",
                "the bytes are the same");
        TestRegistry.assertProblem(
                registry.publish(
                        "acme/once@1.0.0",
                        jar,
                        "Repr-Digest",
                        Digest.ofBytes(new byte[1]).reprDigest()),
                409,
                "version-exists",
                "the bytes sent are others");
    }

    @Test
    void ofManyPublishesOfOneVersionExactlyOneSucceeds() throws Exception {
        int publishers = 6;
        CyclicBarrier together = new CyclicBarrier(publishers);
        List<Future<HttpResponse<byte[]>>> answers;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<HttpResponse<byte[]>>> publishes =
                    java.util.stream.IntStream.range(0, publishers)
                            .<Callable<HttpResponse<byte[]>>>mapToObj(
                                    i ->
                                            () -> {
                                                byte[] jar =
                                                        TestJars.libraryOfSize(
                                                                "acme/race@1.0.0", 100_000 + i);
                                                together.await();
                                                return registry.publish("acme/race@1.0.0", jar);
                                            })
                            .toList();
            answers = threads.invokeAll(publishes);
        }

        int created = 0;
        for (Future<HttpResponse<byte[]>> answer : answers) {
            if (answer.get().statusCode() == 201) {
                created++;
            } else {
                TestRegistry.assertProblem(
                        answer.get(), 409, "version-exists", "raise the version");
            }
        }
        assertThat(created).isEqualTo(1);
        assertThat(registry.storedKeys()).hasSize(1).allMatch(key -> key.startsWith("artifacts/"));
        assertThat(registry.rows("releases")).isEqualTo(1);
    }

    @Test
    void refusesANamespaceOfAnotherAccount() {
        registry.published("acme/mine@1.0.0");
        registry.execute(
                "insert into accounts (name, administrator, created_at) values ('other', false, now())");
        registry.execute(
                "update namespaces set owner_account_id = (select id from accounts where name = 'other')");

        TestRegistry.assertProblem(
                registry.publish("acme/more@1.0.0", TestJars.library("acme/more@1.0.0")),
                403,
                "namespace-foreign",
                "a namespace of your own");
    }

    @Test
    void publishesWhatRequiresAReleaseThatExists() {
        registry.published("acme/base@1.4.0");

        registry.published("acme/top@1.0.0", "acme/base ^1.2.0");

        assertThat(registry.rows("dependencies")).isEqualTo(1);
    }

    @Test
    void refusesAReleaseForWhichTheIndexHasNoRoom() {
        registry.published("acme/base@1.4.0");
        for (int minor = 0; minor < 3; minor++) {
            registry.published("acme/top@1." + minor + ".0", "acme/base ^1.2.0");
        }

        TestRegistry.assertProblem(
                registry.publish(
                        "acme/top@2.0.0", TestJars.library("acme/top@2.0.0", "acme/base ^1.2.0")),
                422,
                "index-full",
                "the limit is 1KiB");
        registry.published("acme/other@1.0.0", "acme/base ^1.2.0");
    }

    @Test
    void refusesARequirementThatNothingSatisfies() {
        registry.published("acme/base@1.4.0");

        Problem problem =
                TestRegistry.assertProblem(
                        registry.publish(
                                "acme/top@1.0.0",
                                TestJars.library(
                                        "acme/top@1.0.0", "acme/base ^2.0.0", "acme/none *")),
                        422,
                        "dependency-unresolvable",
                        "publish the requirements first");

        assertThat(problem.errors())
                .extracting(Problem.Fault::code)
                .containsExactlyInAnyOrder("no-matching-release", "unknown-plugin");
        assertThat(problem.errors()).allMatch(fault -> !fault.fix().isEmpty());
        assertThat(registry.storedKeys()).hasSize(1);
    }

    @Test
    void takesAnOptionalRequirementThatNothingSatisfies() {
        String manifest =
                TestJars.manifest("acme/top@1.0.0", "acme/none *")
                        .replace("\"range\"", "\"optional\": true, \"range\"");

        assertThat(
                        registry.publish("acme/top@1.0.0", TestJars.jar(manifest, Map.of()))
                                .statusCode())
                .isEqualTo(201);
    }

    @Test
    void refusesAnAnnouncedLengthOverTheLimitWithItsFigures() throws IOException {
        try (RawClient client = new RawClient(registry.server().uri())) {
            RawClient.Response response =
                    client.send(head("acme/huge/1.0.0", "Content-Length: 629145600")).response();

            assertThat(response.status()).isEqualTo(413);
            assertThat(response.problem().code()).isEqualTo("upload-too-large");
            assertThat(response.problem().detail())
                    .contains("629145600", "12582912", "12.0 MiB", "make it smaller");
        }
        registry.assertNothingLeft();
    }

    @Test
    void answersAClientThatSendsItsWholeBodyBeforeItReads() throws IOException {
        byte[] body = new byte[20 << 20];
        try (RawClient client = new RawClient(registry.server().uri())) {
            RawClient.Response response =
                    client.send(head("acme/huge/1.0.0", "Content-Length: " + body.length))
                            .send(body)
                            .response();

            assertThat(response.status()).isEqualTo(413);
        }
    }

    @Test
    void refusesChunksThatTogetherAreOverTheLimit() {
        byte[] jar = TestJars.libraryOfSize("acme/huge@1.0.0", 13 << 20);

        HttpResponse<byte[]> response =
                registry.send(
                        registry.publishRequest("acme/huge@1.0.0", jar)
                                .PUT(
                                        HttpRequest.BodyPublishers.ofInputStream(
                                                () -> new ByteArrayInputStream(jar))));

        TestRegistry.assertProblem(response, 413, "upload-too-large", "make it smaller");
        registry.assertNothingLeft();
    }

    @Test
    void refusesOneChunkThatWouldFillTheMemory() throws IOException {
        try (RawClient client = new RawClient(registry.server().uri())) {
            RawClient.Response response =
                    client.send(head("acme/huge/1.0.0", "Transfer-Encoding: chunked"))
                            .send("500000\n")
                            .send(new byte[1 << 20])
                            .response();

            assertThat(response.status()).isEqualTo(413);
            assertThat(response.problem().code()).isEqualTo("chunk-too-large");
            assertThat(response.problem().detail()).contains("5242880", "1048576");
        }
        registry.assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 6 << 20})
    void leavesNothingOfABodyThatEndsTooEarly(int sent) throws IOException {
        byte[] jar = TestJars.libraryOfSize("acme/cut@1.0.0", 7 << 20);
        try (RawClient client = new RawClient(registry.server().uri())) {
            RawClient.Response response =
                    client.send(head("acme/cut/1.0.0", "Content-Length: " + jar.length))
                            .send(java.util.Arrays.copyOf(jar, sent))
                            .endOutput()
                            .response();

            assertThat(response.status()).isEqualTo(400);
            assertThat(response.problem().code()).isEqualTo("upload-truncated");
            assertThat(response.problem().detail()).contains("send the whole body again");
        }
        registry.assertNothingLeft();
    }

    @Test
    void refusesABodyThatIsAnnouncedAsAForm() {
        HttpResponse<byte[]> response =
                registry.publish(
                        "acme/form@1.0.0",
                        TestJars.library("acme/form@1.0.0"),
                        "Content-Type",
                        "multipart/form-data; boundary=x");

        TestRegistry.assertProblem(
                response, 415, "media-type-unsupported", "application/java-archive");
    }

    @Test
    void identicalBytesMayBelongToSeveralReleases() {
        byte[] jar = registry.published("acme/one@1.0.0");
        registry.execute("delete from dependencies");
        registry.execute("delete from releases");

        assertThat(registry.publish("acme/one@1.0.0", jar).statusCode()).isEqualTo(201);
        assertThat(registry.storedKeys()).hasSize(1);
    }
}
