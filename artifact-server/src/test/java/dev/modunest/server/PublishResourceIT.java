package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.format.Digest;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** GET /api/v1/publishes and /api/v1/publishes/{id}, and the 202 that names one. */
class PublishResourceIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LOCK_SERIAL = "select value from registry_serial for update";

    private static TestRegistry registry;

    @BeforeAll
    static void start() {
        registry =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_PUBLISH_MAX_CONCURRENT", "1",
                                "MODUNEST_PUBLISH_STREAM_PERIOD", "50ms",
                                "MODUNEST_PUBLISH_HEARTBEAT", "1ms",
                                "MODUNEST_PUBLISH_MAX_STREAMS", "1",
                                "MODUNEST_DATABASE_LOCK_TIMEOUT", "25s"));
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static HttpResponse<byte[]> get(String path, String... headers) {
        return getAs(registry.token(), path, headers);
    }

    private static HttpResponse<byte[]> getAs(String token, String path, String... headers) {
        var request = registry.request(path).header("Authorization", "Bearer " + token);
        return registry.send(headers.length == 0 ? request : request.headers(headers));
    }

    private static JsonNode json(HttpResponse<byte[]> response) throws IOException {
        assertThat(response.statusCode()).isBetween(200, 202);
        return JSON.readTree(response.body());
    }

    private static String metrics() {
        return new String(registry.get("/metrics").body(), StandardCharsets.UTF_8);
    }

    /** A publish that has its permit and cannot end before the lock is given back. */
    private static CompletableFuture<HttpResponse<byte[]>> blocked(
            ExecutorService threads, String coordinate) {
        CompletableFuture<HttpResponse<byte[]>> first =
                CompletableFuture.supplyAsync(
                        () -> registry.publish(coordinate, TestJars.library(coordinate)), threads);
        Awaiting.until(() -> metrics().contains("modunest_publish_queue{state=\"running\",} 1.0"));
        return first;
    }

    @Test
    void aQuickPublishIsNamedByItsAnswer() throws IOException {
        HttpResponse<byte[]> created =
                registry.publish("quick/one@1.0.0", TestJars.library("quick/one@1.0.0"));

        String path = json(created).get("publish").asText();
        assertThat(created.headers().firstValue("Link"))
                .hasValue("<" + path + ">; rel=\"publish\"");
        JsonNode publish = json(get(path));
        assertThat(publish.get("state").asText()).isEqualTo("live");
        assertThat(publish.get("release").asText()).isEqualTo("/api/v1/plugins/quick/one/1.0.0");
        assertThat(publish.get("coordinate").asText()).isEqualTo("quick/one@1.0.0");
        assertThat(publish.has("position")).isFalse();
    }

    @Test
    void whoDoesNotWaitGets202AndFollowsThePublishToItsEnd() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<HttpResponse<byte[]>> first;
            HttpResponse<byte[]> accepted;
            byte[] jar = TestJars.library("async/two@1.0.0");
            try (AutoCloseable _ = registry.holding(LOCK_SERIAL)) {
                first = blocked(threads, "async/one@1.0.0");
                accepted =
                        registry.publish(
                                "async/two@1.0.0",
                                jar,
                                "Prefer",
                                "respond-async",
                                "Idempotency-Key",
                                "async-two");

                assertThat(accepted.statusCode()).isEqualTo(202);
                assertThat(accepted.headers().firstValue("Preference-Applied"))
                        .hasValue("respond-async");
                assertThat(
                                registry.count(
                                        "publishes where version = '1.0.0' and namespace = 'async' and name = 'two'"
                                                + " and position = 0 and expected_at > created_at"))
                        .as("told to other servers from its first moment")
                        .isEqualTo(1);
                JsonNode queued = json(get(location(accepted)));
                assertThat(queued.get("state").asText()).isEqualTo("queued");
                assertThat(queued.get("position").asInt()).isZero();
                assertThat(queued.get("expected_at").asText()).endsWith("Z");
                assertThat(get(location(accepted)).headers().firstValue("Retry-After"))
                        .hasValue("1");
            }
            assertThat(first.get().statusCode()).isEqualTo(201);
            Awaiting.until(() -> state(location(accepted)).equals("live"));

            HttpResponse<byte[]> retry =
                    registry.publish("async/two@1.0.0", jar, "Idempotency-Key", "async-two");
            assertThat(retry.statusCode()).isEqualTo(202);
            assertThat(retry.headers().firstValue("Location")).hasValue(location(accepted));
            assertThat(registry.get(registry.artifactPath(jar)).body()).isEqualTo(jar);
            Awaiting.until(
                    () -> registry.storedKeys().stream().noneMatch(k -> k.startsWith("staging/")));
        }
    }

    private static String location(HttpResponse<byte[]> response) {
        return response.headers().firstValue("Location").orElseThrow();
    }

    private static String state(String path) {
        try {
            return json(get(path)).get("state").asText();
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void aRefusalAfterThe202IsInThePublish() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            HttpResponse<byte[]> accepted;
            try (AutoCloseable _ = registry.holding(LOCK_SERIAL)) {
                CompletableFuture<HttpResponse<byte[]>> _ = blocked(threads, "late/one@1.0.0");
                accepted =
                        registry.publish(
                                "late/two@1.0.0",
                                TestJars.library("late/two@1.0.0", "late/none *"),
                                "Prefer",
                                "wait=0");
            }
            assertThat(accepted.statusCode()).isEqualTo(202);
            Awaiting.until(() -> state(location(accepted)).equals("refused"));

            JsonNode refused = json(get(location(accepted)));
            assertThat(refused.at("/problem/type").asText()).endsWith("/dependency-unresolvable");
            assertThat(refused.at("/problem/errors/0/code").asText()).isEqualTo("unknown-plugin");
            assertThat(refused.has("release")).isFalse();
            Awaiting.until(
                    () -> registry.storedKeys().stream().noneMatch(k -> k.startsWith("staging/")));
        }
    }

    @Test
    void aRefusalWithinTheWaitIsAPublishToo() throws IOException {
        HttpResponse<byte[]> refused =
                registry.publish(
                        "refused/one@1.0.0",
                        TestJars.library("refused/one@1.0.0", "refused/none *"),
                        "X-Request-Id",
                        "refused-request");

        TestRegistry.assertProblem(refused, 422, "dependency-unresolvable", "refused/one@1.0.0");
        String link = refused.headers().firstValue("Link").orElseThrow();
        assertThat(link).startsWith("</api/v1/publishes/").endsWith(">; rel=\"publish\"");
        JsonNode publish = json(get(link.substring(1, link.indexOf('>'))));
        assertThat(publish.get("state").asText()).isEqualTo("refused");
        assertThat(publish.at("/problem/type").asText()).endsWith("/dependency-unresolvable");
        assertThat(publish.at("/problem/request_id").asText()).isEqualTo("refused-request");
        assertThat(publish.get("digest").asText()).startsWith("sha256:");
        assertThat(publish.has("position")).isFalse();
        assertThat(json(get("/api/v1/publishes")).at("/publishes/0/id"))
                .isEqualTo(publish.get("id"));
        Awaiting.until(
                () -> registry.storedKeys().stream().noneMatch(k -> k.startsWith("staging/")));
    }

    @Test
    void aRefusalWithoutABodyIsNoPublish() throws IOException {
        byte[] jar = registry.published("refused/early@1.0.0");
        long before = registry.rows("publishes");

        HttpResponse<byte[]> refused = registry.publish("refused/early@1.0.0", jar);

        TestRegistry.assertProblem(refused, 409, "version-exists", "raise the version");
        assertThat(refused.headers().firstValue("Link")).isEmpty();
        assertThat(registry.rows("publishes")).isEqualTo(before);
    }

    @Test
    void aPublishIsFollowedAsEvents() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                HttpClient http = HttpClient.newHttpClient()) {
            List<String> lines = new ArrayList<>();
            Iterator<String> stream;
            try (AutoCloseable _ = registry.holding(LOCK_SERIAL)) {
                CompletableFuture<HttpResponse<byte[]>> _ = blocked(threads, "sse/one@1.0.0");
                HttpResponse<byte[]> accepted =
                        registry.publish(
                                "sse/two@1.0.0",
                                TestJars.library("sse/two@1.0.0"),
                                "Prefer",
                                "respond-async");
                HttpResponse<Stream<String>> followed =
                        http.send(
                                registry.request(location(accepted))
                                        .header("Authorization", "Bearer " + registry.token())
                                        .header("Accept", "text/event-stream")
                                        .build(),
                                HttpResponse.BodyHandlers.ofLines());
                assertThat(followed.headers().firstValue("Content-Type"))
                        .hasValue("text/event-stream");
                stream = followed.body().iterator();
                do {
                    lines.add(stream.next());
                } while (!lines.getLast().equals(":"));
                assertThat(lines.getFirst()).isEqualTo("event: state");
                assertThat(lines.get(1)).startsWith("data: {").contains("\"state\":\"queued\"");
                TestRegistry.assertProblem(
                        get(location(accepted), "Accept", "text/event-stream"),
                        503,
                        "overloaded",
                        "1 followed publishes");
            }
            stream.forEachRemaining(lines::add);
            String last =
                    lines.stream().filter(line -> line.startsWith("data: ")).toList().getLast();
            assertThat(JSON.readTree(last.substring(6)).get("state").asText()).isEqualTo("live");
        }
    }

    @Test
    void aPublishIsInTheAuditWithItsRequestWhenItIsLive() throws Exception {
        byte[] quick = TestJars.library("audit/quick@1.0.0");
        byte[] late = TestJars.library("audit/late@1.0.0");
        assertThat(
                        registry.publish(
                                        "audit/quick@1.0.0", quick, "X-Request-Id", "quick-request")
                                .statusCode())
                .isEqualTo(201);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            HttpResponse<byte[]> accepted;
            try (AutoCloseable _ = registry.holding(LOCK_SERIAL)) {
                CompletableFuture<HttpResponse<byte[]>> _ = blocked(threads, "audit/first@1.0.0");
                accepted =
                        registry.publish(
                                "audit/late@1.0.0",
                                late,
                                "Prefer",
                                "respond-async",
                                "X-Request-Id",
                                "late-request");
                assertThat(accepted.statusCode()).isEqualTo(202);
                assertThat(audited("audit/late@1.0.0")).isEmpty();
            }
            Awaiting.until(() -> state(location(accepted)).equals("live"));
        }
        assertAudited("audit/quick@1.0.0", quick, "quick-request");
        assertAudited("audit/late@1.0.0", late, "late-request");
    }

    private static JsonNode audited(String coordinate) throws IOException {
        return json(get("/api/v1/audit?subject=" + coordinate)).get("entries");
    }

    private static void assertAudited(String coordinate, byte[] jar, String request)
            throws IOException {
        JsonNode entries = audited(coordinate);
        assertThat(entries).hasSize(1);
        JsonNode entry = entries.get(0);
        assertThat(entry.get("action").asText()).isEqualTo("release.published");
        assertThat(entry.get("account").asText()).isEqualTo("admin");
        assertThat(entry.get("request_id").asText()).isEqualTo(request);
        assertThat(entry.at("/detail/digest").asText()).isEqualTo(Digest.ofBytes(jar).toString());
        assertThat(entry.at("/detail/size").asInt()).isEqualTo(jar.length);
    }

    @Test
    void anotherAccountIsToldThatThereIsNoSuchPublish() throws IOException {
        String stranger = registry.newAccount("stranger");
        String path =
                json(registry.publish("own/mine@1.0.0", TestJars.library("own/mine@1.0.0")))
                        .get("publish")
                        .asText();
        HttpResponse<byte[]> theirs =
                registry.publishAs(stranger, "hers/it@1.0.0", TestJars.library("hers/it@1.0.0"));

        TestRegistry.assertProblem(
                getAs(stranger, path), 404, "publish-unknown", "This account has no publish");
        assertThat(json(get(json(theirs).get("publish").asText())).get("publisher").asText())
                .as("an administrator sees it")
                .isEqualTo("stranger");
        TestRegistry.assertProblem(
                get("/api/v1/publishes/" + UUID.randomUUID()), 404, "publish-unknown", "lists");
        TestRegistry.assertProblem(
                get("/api/v1/publishes/nonsense"), 404, "publish-unknown", "lists");
        TestRegistry.assertProblem(
                registry.get("/api/v1/publishes"), 401, "token-required", "Authorization");
    }

    @Test
    void theOwnPublishesAreListedLatestFirst() throws IOException {
        String lister = registry.newAccount("lister");
        for (int i = 0; i < 3; i++) {
            String coordinate = "listed/p" + i + "@1.0.0";
            assertThat(
                            registry.publishAs(lister, coordinate, TestJars.library(coordinate))
                                    .statusCode())
                    .isEqualTo(201);
        }

        JsonNode page = json(getAs(lister, "/api/v1/publishes?limit=2"));
        JsonNode rest = json(getAs(lister, page.get("next").asText()));

        assertThat(page.get("publishes").findValuesAsText("coordinate"))
                .containsExactly("listed/p2@1.0.0", "listed/p1@1.0.0");
        assertThat(rest.get("publishes").findValuesAsText("coordinate"))
                .containsExactly("listed/p0@1.0.0");
        assertThat(rest.has("next")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=101",
                "limit=x",
                "cursor=x",
                "cursor=00000000-0000-0000-0000-000000000000"
            })
    void refusesAPageThatThereIsNot(String query) {
        HttpResponse<byte[]> response = get("/api/v1/publishes?" + query);

        assertThat(TestRegistry.problem(response).code()).isEqualTo("parameter-invalid");
    }

    @Test
    void theBytesOfA202AreKnownByTheirDigest() throws IOException {
        byte[] jar = TestJars.library("digest/it@1.0.0");
        HttpResponse<byte[]> created = registry.publish("digest/it@1.0.0", jar);

        JsonNode publish = json(get(json(created).get("publish").asText()));

        assertThat(publish.get("digest").asText()).isEqualTo(Digest.ofBytes(jar).toString());
        assertThat(publish.get("size").asInt()).isEqualTo(jar.length);
    }
}
