package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Responses to POST that are what a GET would bring (RFC 9110 9.3.3). */
final class PostIT extends EdgeIT {

    private static final String PATH = "/page";

    @Override
    String[] settings() {
        return new String[] {"MODE", "any_origin", "RESPONSES_MAX_SHARED", "1KiB"};
    }

    @Test
    void aPostedPageIsReadFromTheCache() {
        answers(PATH, "max-age=60", 200, 100);
        HttpResponse<byte[]> posted = edge.send("POST", PATH);
        assertThat(posted.body()).hasSize(100);
        assertThat(TestEdge.cacheStatus(posted)).endsWith("fwd=method");
        HttpResponse<byte[]> read = edge.get(PATH);
        assertThat(TestEdge.cacheStatus(read)).endsWith("; hit");
        assertThat(read.body()).isEqualTo(posted.body());
        edge.send("POST", PATH);
        assertThat(origin.count("POST", PATH)).isEqualTo(2);
        assertThat(origin.count("GET", PATH)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "/other, max-age=60, 200, 100",
        "/page, no-cache, 200, 100",
        "/page, private, 200, 100",
        "/page, max-age=60, 201, 100",
        "/page, max-age=60, 200, 2000"
    })
    void anyOtherIsNotStored(String location, String cacheControl, int status, int size) {
        answers(location, cacheControl, status, size);
        HttpResponse<byte[]> posted = edge.send("POST", PATH);
        assertThat(posted.statusCode()).isEqualTo(status);
        assertThat(posted.body()).hasSize(size);
        edge.get(PATH);
        assertThat(origin.count("GET", PATH)).isOne();
    }

    private void answers(String location, String cacheControl, int status, int size) {
        origin.on(
                PATH,
                (HttpExchange x) -> {
                    x.getResponseHeaders().set("Cache-Control", cacheControl);
                    x.getResponseHeaders().set("Content-Location", location);
                    x.getResponseHeaders().set("Last-Modified", "Sun, 01 Nov 2026 00:00:00 GMT");
                    FakeOrigin.send(x, status, "x".repeat(size).getBytes(StandardCharsets.UTF_8));
                });
    }
}
