package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.format.Digest;
import dev.modunest.format.http.Problem;
import dev.modunest.format.resolve.IndexEntry;
import dev.modunest.format.resolve.Lock;
import dev.modunest.format.resolve.LockJson;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.format.resolve.ResolveJson;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** GET /api/v1/plugins/..., GET /index/{namespace}/{name} and POST /api/v1/resolve. */
class CatalogIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static TestRegistry registry;
    private static byte[] oldHtml;

    @BeforeAll
    static void start() {
        registry = TestRegistry.start();
        oldHtml = registry.published("acme/html@1.0.0");
        registry.published("acme/html@1.10.0");
        registry.published("acme/html@1.9.0");
        registry.published("acme/markdown@2.0.0", "acme/html ^1.0.0");
        registry.published("zoo/100-percent@0.1.0");
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static JsonNode json(String path) throws IOException {
        HttpResponse<byte[]> response = registry.get(path);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("public, max-age=5");
        return JSON.readTree(response.body());
    }

    @Test
    void showsAPluginWithItsReleasesNewestFirst() throws IOException {
        JsonNode plugin = json("/api/v1/plugins/acme/html");

        assertThat(plugin.get("latest_version").asText()).isEqualTo("1.10.0");
        List<String> versions = new ArrayList<>();
        plugin.get("releases").forEach(release -> versions.add(release.get("version").asText()));
        assertThat(versions).containsExactly("1.10.0", "1.9.0", "1.0.0");
        assertThat(plugin.get("releases").get(2).get("digest").asText())
                .isEqualTo(Digest.ofBytes(oldHtml).toString());
    }

    @Test
    void showsTheReleasesPageByPage() throws IOException {
        List<String> versions = new ArrayList<>();
        JsonNode page = json("/api/v1/plugins/acme/html?limit=2");
        page.get("releases").forEach(release -> versions.add(release.get("version").asText()));
        assertThat(versions).containsExactly("1.10.0", "1.9.0");

        JsonNode last = json(page.get("next").asText());
        assertThat(last.at("/releases/0/version").asText()).isEqualTo("1.0.0");
        assertThat(last.get("releases")).hasSize(1);
        assertThat(last.has("next")).isFalse();
        for (String bad : List.of("limit=0", "limit=101", "limit=x", "cursor=x", "cursor=%00")) {
            TestRegistry.assertProblem(
                    registry.get("/api/v1/plugins/acme/html?" + bad),
                    400,
                    "parameter-invalid",
                    bad.substring(0, 5));
        }
    }

    @Test
    void showsAReleaseWithItsManifest() throws IOException {
        JsonNode release = json("/api/v1/plugins/acme/markdown/2.0.0");

        assertThat(release.get("coordinate").asText()).isEqualTo("acme/markdown@2.0.0");
        assertThat(release.get("publisher").asText()).isEqualTo("admin");
        assertThat(release.get("status").asText()).isEqualTo("live");
        assertThat(release.at("/manifest/requires/0/plugin").asText()).isEqualTo("acme/html");
    }

    @Test
    void tellsWhatIsUnknown() {
        TestRegistry.assertProblem(
                registry.get("/api/v1/plugins/acme/none"), 404, "plugin-unknown", "?q= searches");
        TestRegistry.assertProblem(
                registry.get("/api/v1/plugins/acme/html/7.0.0"),
                404,
                "release-unknown",
                "GET /api/v1/plugins/acme/html");
        TestRegistry.assertProblem(
                registry.get("/index/acme/none"), 404, "plugin-unknown", "?q= searches");
        TestRegistry.assertProblem(
                registry.get("/index/acme/NONE"), 400, "coordinate-invalid", "correct the path");
    }

    @Test
    void theIndexHasALineForEveryReleaseInAscendingOrder() {
        HttpResponse<byte[]> response = registry.get("/index/acme/html");

        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
        assertThat(response.headers().firstValue("Cache-Control"))
                .hasValue("public, max-age=5, stale-while-revalidate=30, stale-if-error=86400");
        List<IndexEntry> entries =
                ResolveJson.readIndex(new String(response.body(), StandardCharsets.UTF_8));
        assertThat(entries)
                .extracting(entry -> entry.coordinate().version().toString())
                .containsExactly("1.0.0", "1.9.0", "1.10.0");
    }

    @Test
    void theIndexIsNotSentAgainToWhoeverHasIt() {
        String tag = registry.get("/index/acme/html").headers().firstValue("ETag").orElseThrow();

        HttpResponse<byte[]> response = registry.get("/index/acme/html", "If-None-Match", tag);

        assertThat(tag).startsWith("\"");
        assertThat(response.statusCode()).isEqualTo(304);
        assertThat(response.headers().firstValue("ETag")).hasValue(tag);
    }

    @Test
    void resolvesToTheHighestReleases() {
        HttpResponse<byte[]> response =
                registry.post(
                        "/api/v1/resolve",
                        "{\"requirements\": [{\"plugin\": \"acme/markdown\", \"range\": \"^2\"}]}");

        assertThat(response.statusCode()).isEqualTo(200);
        Lock lock = LockJson.read(new String(response.body(), StandardCharsets.UTF_8));
        assertThat(lock.plan().steps())
                .extracting(step -> step.coordinate().toString())
                .containsExactly("acme/html@1.10.0", "acme/markdown@2.0.0");
        assertThat(lock.requirements()).containsExactly(Requirement.parse("acme/markdown@^2"));
    }

    @Test
    void verifiesALockWithoutSolving() {
        String lock =
                new String(
                        registry.post(
                                        "/api/v1/resolve",
                                        "{\"requirements\": [{\"plugin\": \"acme/markdown\"}]}")
                                .body(),
                        StandardCharsets.UTF_8);

        HttpResponse<byte[]> valid =
                registry.post("/api/v1/resolve/verify", "{\"lock\": " + lock + "}");
        assertThat(valid.statusCode()).isEqualTo(200);
        assertThat(new String(valid.body(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"valid\":true,\"digest\":\""
                                + LockJson.digest(LockJson.read(lock))
                                + "\"}");

        Problem outdated =
                TestRegistry.assertProblem(
                        registry.post(
                                "/api/v1/resolve/verify",
                                "{\"lock\": "
                                        + lock
                                        + ", \"requirements\": [{\"plugin\": \"acme/markdown\","
                                        + " \"range\": \"^9\"}]}"),
                        409,
                        "lock-outdated",
                        "errors lists why");
        assertThat(outdated.errors()).extracting(Problem.Fault::code).contains("out-of-range");

        TestRegistry.assertProblem(
                registry.post(
                        "/api/v1/resolve/verify",
                        "{\"lock\": " + lock.replace("acme/html@", "acme/evil@") + "}"),
                400,
                "resolve-request-invalid",
                "it was changed after it was made");
    }

    @Test
    void explainsAConflict() {
        HttpResponse<byte[]> response =
                registry.post(
                        "/api/v1/resolve",
                        "{\"requirements\": [{\"plugin\": \"acme/html\", \"range\": \"^3\"}]}");

        Problem problem =
                TestRegistry.assertProblem(
                        response, 409, "resolution-conflict", "errors lists why");
        assertThat(problem.errors())
                .extracting(Problem.Fault::code)
                .containsExactly("no-matching-release");
        assertThat(problem.errors()).allMatch(fault -> !fault.fix().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "{}", "{\"requirements\": 1}"})
    void refusesAResolveRequestThatItCannotRead(String body) {
        TestRegistry.assertProblem(
                registry.post("/api/v1/resolve", body),
                400,
                "resolve-request-invalid",
                "/openapi.yaml");
    }

    @Test
    void refusesAResolveRequestOverTheLimit() {
        TestRegistry.assertProblem(
                registry.post("/api/v1/resolve", " ".repeat((1 << 20) + 1)),
                413,
                "body-too-large",
                "ask for fewer plugins");
    }

    @Test
    void refusesAResolveRequestInChunksOverTheLimit() {
        byte[] body = new byte[(1 << 20) + 1];
        TestRegistry.assertProblem(
                registry.send(
                        registry.request("/api/v1/resolve")
                                .POST(
                                        java.net.http.HttpRequest.BodyPublishers.ofInputStream(
                                                () -> new java.io.ByteArrayInputStream(body)))),
                413,
                "body-too-large",
                "ask for fewer plugins");
    }

    @Test
    void refusesAResolveRequestThatEndsTooEarly() throws IOException {
        try (RawClient client = new RawClient(registry.server().uri())) {
            RawClient.Response response =
                    client.send("POST /api/v1/resolve HTTP/1.1\nHost: x\nContent-Length: 99\n\n{")
                            .endOutput()
                            .response();

            assertThat(response.status()).isEqualTo(400);
            assertThat(response.problem().code()).isEqualTo("upload-truncated");
        }
    }
}
