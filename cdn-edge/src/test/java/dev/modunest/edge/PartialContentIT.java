package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.http.ByteRanges;
import dev.modunest.format.http.ByteRanges.Span;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;

/** Ranges that the origin has cut (RFC 9111 3.3). */
final class PartialContentIT extends EdgeIT {

    private static final String PATH = "/film";

    private final byte[] film = TestEdge.bytes(500_000, 1);
    private final AtomicReference<String> tag = new AtomicReference<>("\"1\"");

    @Override
    String[] settings() {
        return new String[] {"MODE", "any_origin"};
    }

    @Test
    void theLastBytesAreAskedForAsSuchAndAnswerAllThatIsWithin() {
        originCutsRanges("max-age=60");
        HttpResponse<byte[]> first = edge.get(PATH, "Range", "bytes=-1000");
        assertThat(first.statusCode()).isEqualTo(206);
        assertThat(first.body()).isEqualTo(end(1000));
        assertThat(TestEdge.cacheStatus(first)).endsWith("; stored");
        isEnd(edge.get(PATH, "Range", "bytes=-1000"), 1000);
        isEnd(edge.get(PATH, "Range", "bytes=-10"), 10);
        isEnd(edge.get(PATH, "Range", "bytes=499900-"), 100);
        HttpResponse<byte[]> within = edge.get(PATH, "Range", "bytes=499100-499109");
        assertThat(within.body()).isEqualTo(Arrays.copyOfRange(film, 499_100, 499_110));
        assertThat(within.headers().firstValue("Content-Range"))
                .contains("bytes 499100-499109/500000");
        assertThat(TestEdge.text(edge.get(PATH, "Range", "bytes=499100-499100,-1")))
                .contains(
                        "Content-Range: bytes 499100-499100/500000",
                        "Content-Range: bytes 499999-499999/500000");
        assertThat(edge.get(PATH, "If-None-Match", "\"1\"", "Range", "bytes=-10").statusCode())
                .isEqualTo(304);
        assertThat(origin.count("GET", PATH)).isOne();
    }

    @Test
    void aPartAnswersNoOtherRequest() {
        originCutsRanges("max-age=60");
        edge.get(PATH, "Range", "bytes=-1000");
        assertThat(edge.send("HEAD", PATH, "Range", "bytes=-10").statusCode()).isEqualTo(200);
        HttpResponse<byte[]> other = edge.get(PATH, "Range", "bytes=-10", "If-Range", "\"2\"");
        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(other.body()).isEqualTo(film);
        assertThat(edge.get(PATH).body()).isEqualTo(film);
        assertThat(origin.count("GET", PATH)).isEqualTo(2);
    }

    @Test
    void aPartOutlivesAStartAndIsValidated() {
        originCutsRanges("max-age=60");
        edge.get(PATH, "Range", "bytes=-1000");
        TestEdge.await(
                "on disk", () -> edge.metric("modunest_edge_tier_objects{tier=\"disk\",}") == 1);
        restart(settings());
        isEnd(edge.get(PATH, "Range", "bytes=-10"), 10);
        edge.advance(Duration.ofSeconds(61));
        HttpResponse<byte[]> validated = edge.get(PATH, "Range", "bytes=-10");
        assertThat(validated.body()).isEqualTo(end(10));
        assertThat(TestEdge.cacheStatus(validated)).contains("fwd-status=304");
        tag.set("\"2\"");
        edge.advance(Duration.ofSeconds(61));
        HttpResponse<byte[]> replaced = edge.get(PATH, "Range", "bytes=-10");
        assertThat(replaced.statusCode()).isEqualTo(206);
        assertThat(replaced.headers().firstValue("ETag")).contains("\"2\"");
        assertThat(replaced.body()).isEqualTo(end(10));
    }

    @Test
    void anotherRangeThanTheOneAskedForIsHandedOnAndNotStored() {
        origin.on(PATH, x -> cut(x, new Span(0, 4), "max-age=60"));
        for (int i = 1; i <= 2; i++) {
            HttpResponse<byte[]> passed = edge.get(PATH, "Range", "bytes=-5");
            assertThat(passed.statusCode()).isEqualTo(206);
            assertThat(passed.headers().firstValue("Content-Range")).contains("bytes 0-4/500000");
            assertThat(origin.count("GET", PATH)).isEqualTo(i);
        }
    }

    @Test
    void anUnsatisfiableRangeIsTheOriginsToRefuse() {
        origin.on(
                PATH,
                x -> {
                    x.getResponseHeaders().set("Cache-Control", "max-age=60");
                    x.getResponseHeaders().set("Content-Range", "bytes */0");
                    x.sendResponseHeaders(416, -1);
                });
        assertThat(edge.get(PATH, "Range", "bytes=-5").statusCode()).isEqualTo(416);
        originCutsRanges("max-age=60");
        assertThat(edge.get(PATH).statusCode()).isEqualTo(200);
    }

    private void isEnd(HttpResponse<byte[]> response, int length) {
        assertThat(response.statusCode()).isEqualTo(206);
        assertThat(response.body()).isEqualTo(end(length));
        assertThat(response.headers().firstValue("Content-Range"))
                .contains("bytes " + (500_000 - length) + "-499999/500000");
        assertThat(TestEdge.cacheStatus(response)).endsWith("; hit");
    }

    private byte[] end(int length) {
        return Arrays.copyOfRange(film, film.length - length, film.length);
    }

    private void originCutsRanges(String cacheControl) {
        origin.on(
                PATH,
                x -> {
                    x.getResponseHeaders().set("ETag", tag.get());
                    String range = x.getRequestHeaders().getFirst("Range");
                    if (tag.get().equals(x.getRequestHeaders().getFirst("If-None-Match"))) {
                        x.getResponseHeaders().set("Cache-Control", cacheControl);
                        x.sendResponseHeaders(304, -1);
                    } else if (range != null
                            && ByteRanges.parse(range, film.length)
                                    instanceof ByteRanges.Parts(var spans)) {
                        cut(x, spans.getFirst(), cacheControl);
                    } else {
                        x.getResponseHeaders().set("Cache-Control", cacheControl);
                        FakeOrigin.send(x, 200, film);
                    }
                });
    }

    private void cut(com.sun.net.httpserver.HttpExchange x, Span span, String cacheControl)
            throws IOException {
        x.getResponseHeaders().set("Cache-Control", cacheControl);
        x.getResponseHeaders().set("Content-Range", span.contentRange(film.length));
        FakeOrigin.send(
                x, 206, Arrays.copyOfRange(film, (int) span.first(), (int) span.last() + 1));
    }
}
