package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The edge as a shared cache of RFC 9111 before an origin that it knows nothing about. */
final class AnyOriginIT extends EdgeIT {

    private static final String PATH = "/page?id=1";
    private static final String MINUTE = "max-age=60";

    @Override
    String[] settings() {
        return new String[] {"MODE", "any_origin", "MEMORY_MAX_OBJECT", "64KiB"};
    }

    @Test
    void artifactPathsAreNothingSpecial() {
        String path = "/artifacts/sha256/" + "0a".repeat(32);
        answers(path, "anything", "Cache-Control", MINUTE);
        assertThat(TestEdge.text(edge.get(path))).isEqualTo("anything");
        assertThat(status(edge.get(path))).isEqualTo("modunest-edge; hit");
        assertThat(edge.metric("modunest_edge_stream_connected")).isZero();
        assertThat(TestEdge.text(edge.get("/health/ready"))).contains("\"events\":\"none\"");
    }

    @Test
    void variantsAreChosenByTheFieldsThatTheOriginNames() {
        origin.on(
                PATH,
                x -> {
                    x.getResponseHeaders().set("Cache-Control", MINUTE);
                    x.getResponseHeaders().set("Vary", "X-Colour, Accept-Language");
                    text(x, x.getRequestHeaders().getFirst("X-Colour"));
                });
        assertThat(TestEdge.text(edge.get(PATH, "X-Colour", "red"))).isEqualTo("red");
        assertThat(TestEdge.text(edge.get(PATH, "X-Colour", "blue"))).isEqualTo("blue");
        assertThat(status(edge.get(PATH, "X-Colour", "red"))).endsWith("; hit");
        assertThat(status(edge.get(PATH, "X-Colour", "blue"))).endsWith("; hit");
        assertThat(status(edge.get(PATH, "X-Colour", "red", "Accept-Language", "en")))
                .endsWith("; stored");
        assertThat(status(edge.get(PATH, "X-Colour", "red", "Accept-Language", "EN")))
                .endsWith("; hit");
        assertThat(origin.count("GET", PATH)).isEqualTo(3);
    }

    @Test
    void whatVariesByEverythingIsNotStored() {
        answers(PATH, "x", "Cache-Control", MINUTE, "Vary", "*");
        edge.get(PATH);
        assertThat(status(edge.get(PATH))).isEqualTo("modunest-edge; fwd=miss");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max-age=60                     | false",
                "max-age=60, public             | true",
                "max-age=60, must-revalidate    | true",
                "s-maxage=60                    | true"
            })
    void theAnswerToCredentialsIsStoredWhereTheOriginAllowsIt(String control, boolean stored) {
        answers(PATH, "x", "Cache-Control", control);
        edge.get(PATH, "Authorization", "Bearer a");
        assertThat(status(edge.get(PATH)).endsWith("; hit")).isEqualTo(stored);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no-store           | max-age=60              | true",
                "max-age=60         | no-store                | false",
                "max-age=60         | private                 | false",
                "no-store           | max-age=60, &&          | false",
                "max-age=60         | max-age=\"9\"           | true",
                "no-store           | MAX-AGE=60;p=1, x=?0    | true",
                "max-age=60         | max-age=0, x=\"a\\\"b\" | false"
            })
    void theFieldForThisKindOfCacheCountsInTheFirstPlace(
            String control, String targeted, boolean stored) {
        answers(PATH, "x", "Cache-Control", control, "CDN-Cache-Control", targeted);
        edge.get(PATH);
        assertThat(status(edge.get(PATH)).endsWith("; hit")).isEqualTo(stored);
    }

    @Test
    void lifetimeIsGuessedFromTheLastModification() {
        answers(PATH, "x", "Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT");
        edge.get(PATH);
        edge.advance(Duration.ofHours(23));
        assertThat(status(edge.get(PATH))).isEqualTo("modunest-edge; hit");
        edge.advance(Duration.ofHours(2));
        assertThat(status(edge.get(PATH))).contains("fwd=stale");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH"})
    void aSuccessfulChangeDropsWhatItNames(String method) {
        String other = "/other";
        answers(PATH, "x", "Cache-Control", MINUTE);
        answers(other, "y", "Cache-Control", MINUTE);
        edge.get(PATH);
        edge.get(other);
        origin.on(
                "/change",
                x -> {
                    x.getResponseHeaders().set("Location", PATH);
                    x.getResponseHeaders().set("Content-Location", "other");
                    x.sendResponseHeaders(
                            x.getRequestHeaders().containsKey("Fail") ? 500 : 204, -1);
                });
        edge.send(method, "/change", "Fail", "1");
        assertThat(status(edge.get(PATH))).endsWith("; hit");
        edge.send(method, "/change");
        assertThat(status(edge.get(PATH))).endsWith("; stored");
        assertThat(status(edge.get(other))).endsWith("; stored");
    }

    @Test
    void aResponseIsValidatedByTagAndDate() {
        origin.on(
                PATH,
                x -> {
                    x.getResponseHeaders().set("Cache-Control", "max-age=1");
                    x.getResponseHeaders().set("ETag", "\"1\"");
                    x.getResponseHeaders().set("Last-Modified", "Sun, 01 Nov 2026 00:00:00 GMT");
                    boolean same =
                            "\"1\"".equals(x.getRequestHeaders().getFirst("If-None-Match"))
                                    && "Sun, 01 Nov 2026 00:00:00 GMT"
                                            .equals(
                                                    x.getRequestHeaders()
                                                            .getFirst("If-Modified-Since"));
                    x.getResponseHeaders().set("X-Updated", Boolean.toString(same));
                    if (same) {
                        x.sendResponseHeaders(304, -1);
                    } else {
                        text(x, "one");
                    }
                });
        edge.get(PATH);
        edge.advance(Duration.ofSeconds(5));
        HttpResponse<byte[]> revalidated = edge.get(PATH);
        assertThat(status(revalidated)).endsWith("fwd-status=304; stored");
        assertThat(TestEdge.text(revalidated)).isEqualTo("one");
        assertThat(revalidated.headers().firstValue("X-Updated")).hasValue("true");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "If-Modified-Since | Sun, 01 Nov 2026 00:00:00 GMT  | 304",
                "If-Modified-Since | Sunday, 01-Nov-26 00:00:00 GMT | 304",
                "If-Modified-Since | Sun Nov  1 00:00:00 2026       | 304",
                "If-Modified-Since | Sat, 31 Oct 2026 00:00:00 GMT  | 200",
                "If-Modified-Since | yesterday                      | 200",
                "If-None-Match     | \"0\", W/\"1\"                 | 304",
                "If-None-Match     | *                              | 304",
                "If-None-Match     | \"2\"                          | 200"
            })
    void aConditionIsAnsweredFromTheCache(String name, String value, int expected) {
        answers(
                PATH,
                "x",
                "Cache-Control",
                MINUTE,
                "ETag",
                "\"1\"",
                "Last-Modified",
                "Sun, 01 Nov 2026 00:00:00 GMT");
        edge.get(PATH);
        assertThat(edge.get(PATH, name, value).statusCode()).isEqualTo(expected);
        assertThat(origin.count("GET", PATH)).isOne();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no-cache       | false",
                "max-age=0      | false",
                "max-age=9      | false",
                "max-age=20     | true",
                "min-fresh=30   | true",
                "min-fresh=55   | false",
                "no-store       | false"
            })
    void aClientMayWantItFresher(String wish, boolean hit) {
        answers(PATH, "x", "Cache-Control", MINUTE);
        edge.get(PATH);
        edge.advance(Duration.ofSeconds(10));
        assertThat(status(edge.get(PATH, "Cache-Control", wish)).endsWith("; hit")).isEqualTo(hit);
    }

    @Test
    void theAgeThatTheOriginTellsIsHandedOnAndCountsFromThen() {
        origin.on(
                PATH,
                x -> {
                    edge.advance(Duration.ofSeconds(3));
                    x.getResponseHeaders().set("Cache-Control", MINUTE);
                    x.getResponseHeaders().set("Age", "7");
                    text(x, "x");
                });
        assertThat(edge.get(PATH).headers().firstValue("Age")).contains("7");
        edge.advance(Duration.ofSeconds(10));
        assertThat(edge.get(PATH).headers().firstValue("Age")).contains("20");
    }

    @Test
    void aClientMayWantNothingElseThanTheCache() {
        answers(PATH, "x", "Cache-Control", MINUTE);
        HttpResponse<byte[]> refused = edge.get(PATH, "Cache-Control", "only-if-cached");
        assertThat(refused.statusCode()).isEqualTo(504);
        assertThat(TestEdge.text(refused)).contains("not-cached", "only-if-cached");
        edge.get(PATH);
        assertThat(status(edge.get(PATH, "Cache-Control", "only-if-cached"))).endsWith("; hit");
        edge.advance(Duration.ofSeconds(70));
        assertThat(status(edge.get(PATH, "Cache-Control", "max-stale=15"))).endsWith("; hit");
        assertThat(status(edge.get(PATH, "Cache-Control", "max-stale=5"))).contains("fwd=stale");
    }

    @ParameterizedTest
    @ValueSource(ints = {2_000, 300_000})
    void rangesAreCutFromWhatIsStored(int size) {
        byte[] bytes = TestEdge.bytes(size, 1);
        origin.on(
                PATH,
                x -> {
                    x.getResponseHeaders().set("Cache-Control", MINUTE);
                    x.getResponseHeaders().set("ETag", "\"1\"");
                    FakeOrigin.send(x, 200, bytes);
                });
        assertThat(edge.get(PATH, "Range", "bytes=10-19").body())
                .isEqualTo(java.util.Arrays.copyOfRange(bytes, 10, 20));
        assertThat(edge.get(PATH, "Range", "bytes=-5").body())
                .isEqualTo(java.util.Arrays.copyOfRange(bytes, size - 5, size));
        assertThat(edge.get(PATH, "Range", "bytes=" + size + "-").statusCode()).isEqualTo(416);
        assertThat(TestEdge.text(edge.get(PATH, "Range", "bytes=0-1,5-6")))
                .contains("Content-Range: bytes 0-1/" + size, "Content-Range: bytes 5-6/" + size);
        assertThat(edge.get(PATH, "Range", "bytes=0-1", "If-Range", "\"2\"").statusCode())
                .isEqualTo(200);
        assertThat(origin.count("GET", PATH)).isOne();
    }

    @Test
    void aCrowdCausesOneFetchAndIsServedWhileItFlows() throws Exception {
        byte[] bytes = TestEdge.bytes(200_000, 1);
        CountDownLatch goOn = new CountDownLatch(1);
        origin.on(
                PATH,
                x -> {
                    x.getResponseHeaders().set("Cache-Control", MINUTE);
                    x.sendResponseHeaders(200, 0);
                    x.getResponseBody().write(bytes, 0, 100_000);
                    x.getResponseBody().flush();
                    goOn.await();
                    x.getResponseBody().write(bytes, 100_000, 100_000);
                });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> crowd = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                crowd.add(
                        threads.submit(
                                () -> {
                                    var body = edge.stream(PATH).body();
                                    byte[] first = body.readNBytes(50_000);
                                    goOn.countDown();
                                    byte[] rest = body.readAllBytes();
                                    return java.util.Arrays.equals(
                                                    first, 0, 50_000, bytes, 0, 50_000)
                                            && java.util.Arrays.equals(
                                                    rest, 0, rest.length, bytes, 50_000, 200_000);
                                }));
            }
            for (Future<Boolean> one : crowd) {
                assertThat(one.get()).isTrue();
            }
        }
        assertThat(origin.count("GET", PATH)).isOne();
    }

    @Test
    void theFailureOfTheOriginIsToldAndNotStored() {
        origin.on(PATH, x -> x.sendResponseHeaders(500, -1));
        assertThat(edge.get(PATH).statusCode()).isEqualTo(500);
        answers(PATH, "x", "Cache-Control", "max-age=1, stale-if-error=60");
        assertThat(edge.get(PATH).statusCode()).isEqualTo(200);
        edge.advance(Duration.ofSeconds(30));
        origin.on(PATH, x -> x.sendResponseHeaders(500, -1));
        assertThat(status(edge.get(PATH))).endsWith("detail=stale-if-error");
        edge.advance(Duration.ofSeconds(40));
        assertThat(edge.get(PATH).statusCode()).isEqualTo(500);
    }

    @Test
    void whatIsStoredOutlivesAStartAndTheOrigin() {
        answers(PATH, "x", "Cache-Control", MINUTE, "Vary", "Accept");
        answers("/gone", "y", "Cache-Control", MINUTE);
        edge.get(PATH, "Accept", "text/plain");
        edge.get("/gone");
        edge.send("DELETE", "/gone");
        origin.on("/gone", x -> x.sendResponseHeaders(204, -1));
        edge.send("DELETE", "/gone");
        TestEdge.await(
                "on disk", () -> edge.metric("modunest_edge_tier_objects{tier=\"disk\",}") == 2);
        restart(settings());
        origin.close();
        HttpResponse<byte[]> kept = edge.get(PATH, "Accept", "text/plain");
        assertThat(TestEdge.text(kept)).isEqualTo("x");
        assertThat(status(kept)).endsWith("; hit");
        assertThat(edge.get(PATH, "Accept", "other").statusCode()).isEqualTo(502);
        assertThat(edge.get("/gone").statusCode()).isEqualTo(502);
    }

    private void answers(String path, String body, String... fields) {
        origin.on(
                path,
                x -> {
                    for (int i = 0; i < fields.length; i += 2) {
                        x.getResponseHeaders().set(fields[i], fields[i + 1]);
                    }
                    text(x, body);
                });
    }

    private static void text(HttpExchange x, String body) throws IOException {
        FakeOrigin.send(x, 200, body.getBytes(StandardCharsets.UTF_8));
    }

    private static String status(HttpResponse<?> response) {
        return TestEdge.cacheStatus(response);
    }
}
