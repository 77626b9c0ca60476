package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Digest;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Ranges and conditions, the same from memory (small) and from disk (large). */
final class RangeIT extends EdgeIT {

    @ParameterizedTest
    @ValueSource(ints = {5000, 3 << 20})
    void singleRangesAreAnswered(int size) {
        byte[] bytes = TestEdge.bytes(size, size);
        String path = cached(bytes);
        partial(path, bytes, "bytes=100-199", 100, 200);
        partial(path, bytes, "bytes=100-", 100, size);
        partial(path, bytes, "bytes=-10", size - 10, size);
        partial(path, bytes, "bytes=-" + (size + 5), 0, size);
        partial(path, bytes, "bytes=10-" + (size * 2L), 10, size);
        partial(path, bytes, "bytes=0-0,1-1", 0, 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {5000, 3 << 20})
    void severalRangesAreAMultipartBody(int size) {
        byte[] bytes = TestEdge.bytes(size, size);
        HttpResponse<byte[]> response = edge.get(cached(bytes), "Range", "bytes=0-99,300-399,-50");
        assertThat(response.statusCode()).isEqualTo(206);
        String type = response.headers().firstValue("Content-Type").orElse("");
        assertThat(type).startsWith("multipart/byteranges; boundary=");
        String boundary = type.substring(type.indexOf('=') + 1);
        String expected =
                part(bytes, boundary, "--", 0, 100)
                        + part(bytes, boundary, "\r\n--", 300, 400)
                        + part(bytes, boundary, "\r\n--", size - 50, size)
                        + "\r\n--"
                        + boundary
                        + "--\r\n";
        assertThat(response.body()).isEqualTo(expected.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(response.headers().firstValueAsLong("Content-Length"))
                .hasValue(expected.length());
    }

    @ParameterizedTest
    @ValueSource(ints = {5000, 3 << 20})
    void rangeBeyondTheEndIsNotSatisfiable(int size) {
        HttpResponse<byte[]> response =
                edge.get(cached(TestEdge.bytes(size, size)), "Range", "bytes=" + size + "-");
        assertThat(response.statusCode()).isEqualTo(416);
        assertThat(response.headers().firstValue("Content-Range")).hasValue("bytes */" + size);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValue("application/problem+json");
        assertThat(response.headers().firstValue("Cache-Control")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {5000, 3 << 20})
    void rangeOfAnotherUnitIsIgnored(int size) {
        byte[] bytes = TestEdge.bytes(size, size);
        HttpResponse<byte[]> response = edge.get(cached(bytes), "Range", "lines=1-2");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {5000, 3 << 20})
    void rangeThatCannotBeReadIsRefusedAsByTheOrigin(int size) {
        String path = cached(TestEdge.bytes(size, size));
        for (String range : new String[] {"bytes=9-1", "bytes=a-b", "bytes="}) {
            HttpResponse<byte[]> response = edge.get(path, "Range", range);
            assertThat(response.statusCode()).isEqualTo(416);
            assertThat(TestEdge.text(response))
                    .contains("range-malformed", "write bytes=first-last");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5000, 3 << 20})
    void ifRangeChoosesBetweenThePartAndTheWhole(int size) {
        byte[] bytes = TestEdge.bytes(size, size);
        String path = cached(bytes);
        String tag = Digest.ofBytes(bytes).entityTag();
        assertThat(edge.get(path, "Range", "bytes=0-9", "If-Range", tag).statusCode())
                .isEqualTo(206);
        for (String other : new String[] {"\"x\"", "W/" + tag, "Sun, 01 Nov 2026 00:00:00 GMT"}) {
            assertThat(edge.get(path, "Range", "bytes=0-9", "If-Range", other).body())
                    .isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5000, 3 << 20})
    void matchingTagIsNotModified(int size) {
        byte[] bytes = TestEdge.bytes(size, size);
        String path = cached(bytes);
        String tag = Digest.ofBytes(bytes).entityTag();
        for (String matching : new String[] {tag, "W/" + tag, "\"a\", " + tag, "*"}) {
            HttpResponse<byte[]> response =
                    edge.get(path, "If-None-Match", matching, "Range", "bytes=0-9");
            assertThat(response.statusCode()).isEqualTo(304);
            assertThat(response.body()).isEmpty();
            assertThat(response.headers().firstValue("ETag")).hasValue(tag);
            assertThat(TestEdge.cacheStatus(response)).isEqualTo("modunest-edge; hit");
        }
        assertThat(edge.get(path, "If-None-Match", "\"a\"").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(ints = {5000, 3 << 20})
    void headHasTheHeadersOfTheWhole(int size) {
        String path = cached(TestEdge.bytes(size, size));
        HttpResponse<byte[]> response = edge.send("HEAD", path, "Range", "bytes=0-9");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(size);
        assertThat(response.headers().firstValue("Accept-Ranges")).hasValue("bytes");
        assertThat(response.body()).isEmpty();
        assertThat(TestEdge.cacheStatus(response)).isEqualTo("modunest-edge; hit");
    }

    private void partial(String path, byte[] bytes, String range, int from, int to) {
        HttpResponse<byte[]> response = edge.get(path, "Range", range);
        assertThat(response.statusCode()).as(range).isEqualTo(206);
        assertThat(response.body()).isEqualTo(Arrays.copyOfRange(bytes, from, to));
        assertThat(response.headers().firstValue("Content-Range"))
                .hasValue("bytes " + from + "-" + (to - 1) + "/" + bytes.length);
        assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(to - from);
    }

    private String cached(byte[] bytes) {
        String path = FakeOrigin.path(origin.artifact(bytes));
        edge.get(path);
        edge.awaitMetric(FILLED, 1);
        return path;
    }

    private static String part(byte[] bytes, String boundary, String dashes, int from, int to) {
        return dashes
                + boundary
                + "\r\nContent-Type: application/java-archive\r\nContent-Range: bytes "
                + from
                + "-"
                + (to - 1)
                + "/"
                + bytes.length
                + "\r\n\r\n"
                + new String(Arrays.copyOfRange(bytes, from, to), StandardCharsets.ISO_8859_1);
    }
}
