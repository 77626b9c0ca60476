package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;

import dev.modunest.format.Digest;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Purges of responses by URL, prefix, cache tag and digest, before an origin of any kind. */
final class PurgeIT {

    private static final String HIT = "modunest-edge; hit";
    private static final String STORED = "modunest-edge; fwd=miss; stored";

    @TempDir private static Path directory;
    private static final FakeOrigin ORIGIN = new FakeOrigin();
    private static final ExecutorService CLIENTS = Executors.newVirtualThreadPerTaskExecutor();
    private static TestEdge edge;
    private static AdminClient admin;

    @BeforeAll
    static void start() {
        edge = edge();
        admin = new AdminClient(edge);
    }

    private static TestEdge edge() {
        return new TestEdge(
                ORIGIN.uri(),
                directory,
                "MODE",
                "any_origin",
                "ADMIN_PORT",
                "0",
                "ADMIN_TOKEN",
                AdminClient.TOKEN,
                "ADMIN_MAX_BODY",
                "4KiB");
    }

    @AfterAll
    static void stop() {
        edge.close();
        ORIGIN.close();
        CLIENTS.shutdownNow();
    }

    @Test
    void aUrlIsPurgedInItsOneSpelling() {
        answers("/url/~a?q=1", "one");
        answers("/url/other", "two");
        assertThat(statusAfter("/url/~a?q=1", "/url/other")).isEqualTo(HIT);
        assertPurged(1, 1, purge("urls", "http://example.org/x/../url/%7ea?q=1"));
        assertThat(status("/url/~a?q=1")).isEqualTo(STORED);
        assertThat(status("/url/other")).isEqualTo(HIT);
    }

    @Test
    void allVariantsOfAUrlGo() {
        ORIGIN.on(
                "/varied",
                x -> {
                    x.getResponseHeaders().set("Cache-Control", "max-age=600");
                    x.getResponseHeaders().set("Vary", "Accept-Language");
                    FakeOrigin.send(
                            x,
                            200,
                            bytes("in " + x.getRequestHeaders().getFirst("Accept-Language")));
                });
        edge.get("/varied", "Accept-Language", "en");
        edge.get("/varied", "Accept-Language", "de");
        assertPurged(2, 2, purge("urls", "/varied"));
        assertThat(TestEdge.cacheStatus(edge.get("/varied", "Accept-Language", "en")))
                .isEqualTo(STORED);
    }

    @Test
    void aPrefixIsPurged() {
        answers("/pre/a", "pre a");
        answers("/pre/b", "pre b");
        answers("/prefer", "prefer");
        statusAfter("/pre/a", "/pre/b", "/prefer");
        assertPurged(2, 2, purge("prefixes", "/pre/", "/pre/a"));
        assertThat(status("/pre/a")).isEqualTo(STORED);
        assertThat(status("/pre/b")).isEqualTo(STORED);
        assertThat(status("/prefer")).isEqualTo(HIT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"Cache-Tag | a, ct-b,c | ct-b", "Surrogate-Key | a sk-b  c | sk-b"})
    void whatHasATagIsPurged(String field, String value, String tag) {
        String tagged = "/tagged/" + field;
        String other = "/other/" + field;
        answers(tagged, tagged, field, value);
        answers(other, other, field, tag + "c");
        statusAfter(tagged, other);
        assertPurged(1, 1, purge("tags", tag, "z"));
        assertThat(status(tagged)).isEqualTo(STORED);
        assertThat(status(other)).isEqualTo(HIT);
    }

    @Test
    void whatHasADigestIsPurged() {
        answers("/digest/a", "the same");
        answers("/digest/b", "the same");
        statusAfter("/digest/a", "/digest/b");
        Digest digest = Digest.ofBytes(bytes("the same"));
        assertPurged(2, 1, purge("digests", digest.toString()));
        assertThat(status("/digest/a")).isEqualTo(STORED);
    }

    @Test
    void contentsLeaveTheDiskWithTheLastResponseThatHasThem() {
        answers("/shared/a", "shared by two");
        answers("/shared/b", "shared by two");
        statusAfter("/shared/a", "/shared/b");
        Path file = file("shared by two");
        TestEdge.await("the object is on disk", () -> Files.exists(file));
        assertPurged(1, 0, purge("urls", "/shared/a"));
        assertThat(file).exists();
        assertPurged(1, 1, purge("urls", "/shared/b"));
        assertThat(file).doesNotExist();
    }

    @Test
    void softPurgeHasItRevalidatedBeforeItIsUsed() {
        ORIGIN.document("/soft/a", "soft a", "max-age=600");
        statusAfter("/soft/a");
        assertPurged(1, 0, soft("urls", "/soft/a"));
        assertThat(status("/soft/a")).isEqualTo("modunest-edge; fwd=stale; fwd-status=304; stored");
        assertThat(status("/soft/a")).isEqualTo(HIT);
    }

    @Test
    void whatIsPurgedSoftlyStandsInForAnOriginThatIsGone() {
        answers("/soft/gone", "still good");
        statusAfter("/soft/gone");
        soft("prefixes", "/soft/g");
        ORIGIN.on(
                "/soft/gone",
                _ -> {
                    throw new IOException("gone");
                });
        HttpResponse<byte[]> standIn = edge.get("/soft/gone");
        assertThat(TestEdge.text(standIn)).isEqualTo("still good");
        assertThat(TestEdge.cacheStatus(standIn)).contains("stale-if-error");
        purge("urls", "/soft/gone");
        assertThat(edge.get("/soft/gone").statusCode()).isEqualTo(502);
    }

    @ParameterizedTest
    @CsvSource({"urls,/flight/urls", "prefixes,/flight/pre", "tags,of-tags"})
    void fetchUnderWayDoesNotBringTheOldResponseBack(String by, String name) throws Exception {
        String path = "/flight/" + by;
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        ORIGIN.on(
                path,
                x -> {
                    asked.countDown();
                    answer.await();
                    tagged(x, "old " + by, "of-" + by);
                });
        Future<HttpResponse<byte[]>> early = CLIENTS.submit(() -> edge.get(path));
        await(asked);
        assertPurged(0, 0, purge(by, name));
        ORIGIN.on(path, x -> tagged(x, "new " + by, "of-" + by));
        answer.countDown();
        early.get();
        assertThat(TestEdge.text(edge.get(path))).isEqualTo("new " + by);
        assertThat(TestEdge.text(edge.get(path))).isEqualTo("new " + by);
        assertThat(status(path)).isEqualTo(HIT);
        TestEdge.await("what was dropped is off the disk", () -> !Files.exists(file("old " + by)));
    }

    @Test
    void whoAsksAfterAPurgeDoesNotJoinAFlightFromBefore() throws Exception {
        CountDownLatch rest = new CountDownLatch(1);
        ORIGIN.on(
                "/flight/flowing",
                x -> {
                    x.getResponseHeaders().set("Cache-Control", "max-age=600");
                    x.sendResponseHeaders(200, 200_000);
                    x.getResponseBody().write(new byte[100_000]);
                    x.getResponseBody().flush();
                    rest.await();
                    x.getResponseBody().write(new byte[100_000]);
                });
        HttpResponse<InputStream> early = edge.stream("/flight/flowing");
        answers("/flight/flowing", "new");
        purge("urls", "/flight/flowing");
        assertThat(TestEdge.text(edge.get("/flight/flowing"))).isEqualTo("new");
        assertThat(status("/flight/flowing")).isEqualTo(HIT);
        rest.countDown();
        assertThat(early.body().readAllBytes()).hasSize(200_000);
        assertThat(TestEdge.text(edge.get("/flight/flowing"))).isEqualTo("new");
    }

    @Test
    void fetchUnderWayDuringASoftPurgeIsRevalidated() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        ORIGIN.on(
                "/flight/soft",
                x -> {
                    asked.countDown();
                    answer.await();
                    tagged(x, "soft", "of-soft");
                });
        Future<HttpResponse<byte[]>> early = CLIENTS.submit(() -> edge.get("/flight/soft"));
        await(asked);
        soft("urls", "/flight/soft");
        answer.countDown();
        early.get();
        int before = ORIGIN.count("GET", "/flight/soft");
        assertThat(before).isGreaterThan(1);
        assertThat(status("/flight/soft")).isEqualTo(HIT);
    }

    @Test
    void revalidationUnderWayDoesNotBringTheOldResponseBack() throws Exception {
        ORIGIN.document("/flight/304", "old", "max-age=600");
        statusAfter("/flight/304");
        soft("urls", "/flight/304");
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        ORIGIN.on(
                "/flight/304",
                x -> {
                    asked.countDown();
                    answer.await();
                    x.sendResponseHeaders(304, -1);
                });
        Future<HttpResponse<byte[]>> early = CLIENTS.submit(() -> edge.get("/flight/304"));
        await(asked);
        purge("urls", "/flight/304");
        answers("/flight/304", "new");
        answer.countDown();
        assertThat(TestEdge.text(early.get())).isEqualTo("new");
        assertThat(TestEdge.text(edge.get("/flight/304"))).isEqualTo("new");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"urls\":[]}",
                "{\"url\":[\"/x\"]}",
                "{\"urls\":\"/x\"}",
                "{\"urls\":[1]}",
                "{\"urls\":[\"x\"]}",
                "{\"urls\":[\"/%zz\"]}",
                "{\"prefixes\":[\"\"]}",
                "{\"digests\":[\"md5:00\"]}",
                "{\"urls\":[\"/x\"],\"soft\":\"yes\"}",
                "{\"digests\":[\"sha256:0000000000000000000000000000000000000000000000000000000000000000\"],\"soft\":true}"
            })
    void whatNamesNothingIsRefused(String body) {
        HttpResponse<byte[]> refused = admin.send("POST", "/-/purge", body);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(TestEdge.text(refused)).contains("bad-request");
    }

    @Test
    void purgeIsBoundedAndNeedsTheTokenAndItsMethod() {
        assertThat(admin.send("POST", "/-/purge", " ".repeat(5000)).statusCode()).isEqualTo(413);
        assertThat(admin.send("GET", "/-/purge", "").statusCode()).isEqualTo(405);
        assertThat(edge.exchange(admin.request("/-/purge").build()).statusCode()).isEqualTo(401);
    }

    @Test
    void whatIsPurgedDoesNotComeBackWithARestart() {
        answers("/restart/gone", "restart gone");
        answers("/restart/soft", "restart soft");
        answers("/restart/kept", "restart kept");
        statusAfter("/restart/gone", "/restart/soft", "/restart/kept");
        TestEdge.await("kept on disk", () -> Files.exists(file("restart kept")));
        purge("urls", "/restart/gone");
        soft("urls", "/restart/soft");
        edge.close();
        start();
        assertThat(status("/restart/kept")).isEqualTo(HIT);
        assertThat(status("/restart/gone")).isEqualTo(STORED);
        assertThat(status("/restart/soft")).contains("fwd=stale");
    }

    private static Path file(String content) {
        byte[] bytes = bytes(content);
        String hex = Digest.ofBytes(bytes).hex();
        return directory
                .resolve("objects")
                .resolve(hex.substring(0, 2))
                .resolve(hex + "." + bytes.length);
    }

    private static void answers(String path, String body, String... fields) {
        ORIGIN.on(
                path,
                x -> {
                    x.getResponseHeaders().set("Cache-Control", "max-age=600");
                    for (int i = 0; i < fields.length; i += 2) {
                        x.getResponseHeaders().set(fields[i], fields[i + 1]);
                    }
                    FakeOrigin.send(x, 200, bytes(body));
                });
    }

    private static void tagged(HttpExchange x, String body, String tag) throws IOException {
        x.getResponseHeaders().set("Cache-Control", "max-age=600");
        x.getResponseHeaders().set("Cache-Tag", tag);
        FakeOrigin.send(x, 200, bytes(body));
    }

    /** Fetches each path twice; how the last of all was answered. */
    private static String statusAfter(String... paths) {
        String last = "";
        for (String path : paths) {
            edge.get(path);
            last = status(path);
        }
        return last;
    }

    private static String status(String path) {
        return TestEdge.cacheStatus(edge.get(path));
    }

    private static JsonObject purge(String by, String... names) {
        return purge(false, by, names);
    }

    private static JsonObject soft(String by, String... names) {
        return purge(true, by, names);
    }

    private static JsonObject purge(boolean soft, String by, String... names) {
        HttpResponse<byte[]> purged =
                admin.post(
                        "/-/purge",
                        new JsonObject().put(by, new JsonArray(List.of(names))).put("soft", soft));
        assertThat(purged.statusCode()).isEqualTo(200);
        return AdminClient.json(purged);
    }

    private static void assertPurged(int responses, int objects, JsonObject told) {
        assertThat(told.getInteger("responses")).isEqualTo(responses);
        assertThat(told.getInteger("objects")).isEqualTo(objects);
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(TestEdge.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
