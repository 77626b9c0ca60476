package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;

import dev.modunest.format.Digest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What is for one reader alone (RFC 9111 3.5) is passed through, and kept for nobody. */
final class PrivateIT extends EdgeIT {

    private static final String INDEX = "/index/acme/secret";
    private static final String LIST = "/api/v1/plugins?namespace=acme";
    private static final String BY_NAME = "/artifacts/acme/secret/1.0.0/secret-1.0.0.jar";

    /** As the origin answers for a private namespace: to its reader, and to all others. */
    private static void answer(HttpExchange x, byte[] body) throws IOException {
        String authorization = x.getRequestHeaders().getFirst("Authorization");
        String cookie = x.getRequestHeaders().getFirst("Cookie");
        if ("Bearer reader".equals(authorization) || "modunest-session=reader".equals(cookie)) {
            x.getResponseHeaders().set("Cache-Control", "private, no-cache");
            x.getResponseHeaders().set("Vary", "Authorization, Cookie");
            FakeOrigin.send(x, 200, body);
        } else {
            FakeOrigin.send(x, 404, "none".getBytes(StandardCharsets.UTF_8));
        }
    }

    private long filesWith(byte[] bytes) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).filter(file -> contains(file, bytes)).count();
        }
    }

    private static boolean contains(Path file, byte[] bytes) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                    .contains(new String(bytes, StandardCharsets.ISO_8859_1));
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @ParameterizedTest
    @CsvSource({"Authorization, Bearer reader", "Cookie, modunest-session=reader"})
    void aDocumentForOneReaderIsGivenToNobodyElse(String header, String value) {
        for (String path : new String[] {INDEX, LIST}) {
            origin.on(path, x -> answer(x, "secret".getBytes(StandardCharsets.UTF_8)));
            for (int i = 0; i < 2; i++) {
                HttpResponse<byte[]> read = edge.get(path, header, value);
                assertThat(TestEdge.text(read)).isEqualTo("secret");
                assertThat(TestEdge.cacheStatus(read)).isEqualTo("modunest-edge; fwd=bypass");
                assertThat(read.headers().firstValue("Vary")).hasValue("Authorization, Cookie");
                assertThat(edge.get(path).statusCode()).isEqualTo(404);
                assertThat(edge.get(path, header, "other").statusCode()).isEqualTo(404);
            }
            assertThat(origin.count("GET", path)).isGreaterThanOrEqualTo(4);
        }
    }

    @Test
    void aRefusalThatIsKeptIsNotGivenToWhoMayRead() {
        origin.on(INDEX, x -> answer(x, "secret".getBytes(StandardCharsets.UTF_8)));
        assertThat(edge.get(INDEX).statusCode()).isEqualTo(404);
        assertThat(TestEdge.text(edge.get(INDEX, "Authorization", "Bearer reader")))
                .isEqualTo("secret");
    }

    @Test
    void anArtifactForOneReaderIsKeptNowhere() throws IOException {
        byte[] bytes = TestEdge.bytes(50_000, 1);
        Digest digest = Digest.ofBytes(bytes);
        for (String path : new String[] {FakeOrigin.path(digest), BY_NAME}) {
            origin.on(path, x -> answer(x, bytes));
            for (int i = 0; i < 2; i++) {
                assertThat(edge.get(path).statusCode()).isEqualTo(404);
                HttpResponse<byte[]> read = edge.get(path, "Authorization", "Bearer reader");
                assertThat(read.body()).isEqualTo(bytes);
                assertThat(TestEdge.cacheStatus(read)).isEqualTo("modunest-edge; fwd=bypass");
            }
            assertThat(origin.count("GET", path)).isGreaterThanOrEqualTo(3);
        }
        assertThat(filesWith(bytes)).isZero();
        assertThat(edge.metric(FILLED)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"Cache-Control, private", "Cache-Control, no-store", "Vary, Authorization"})
    void bytesThatMayNotBeSharedAreNotKeptEvenWhenNobodyInParticularGetsThem(
            String header, String value) throws IOException {
        byte[] bytes = TestEdge.bytes(50_000, 1);
        Digest digest = Digest.ofBytes(bytes);
        origin.on(
                FakeOrigin.path(digest),
                x -> {
                    FakeOrigin.artifactHeaders(x, digest);
                    x.getResponseHeaders().set(header, value);
                    FakeOrigin.send(x, 200, bytes);
                });
        for (int i = 0; i < 2; i++) {
            assertThat(edge.get(FakeOrigin.path(digest)).body()).isEqualTo(bytes);
        }
        assertThat(filesWith(bytes)).isZero();
        edge.awaitMetric("modunest_edge_fills_total{outcome=\"not-shared\",}", 2);
    }

    @Test
    void whatIsPublicIsServedToReadersWithCredentialsToo() {
        byte[] bytes = TestEdge.bytes(300, 1);
        Digest digest = origin.artifact(bytes);
        edge.get(FakeOrigin.path(digest));
        edge.awaitMetric(FILLED, 1);
        HttpResponse<byte[]> hit =
                edge.get(FakeOrigin.path(digest), "Authorization", "Bearer reader");
        assertThat(TestEdge.cacheStatus(hit)).endsWith("; hit");
    }

    @Test
    void whoSendsACredentialHasPublicBytesKeptForAll() {
        byte[] bytes = TestEdge.bytes(50_000, 1);
        Digest digest = origin.artifact(bytes);
        HttpResponse<byte[]> first =
                edge.get(FakeOrigin.path(digest), "Authorization", "Bearer host");
        assertThat(first.body()).isEqualTo(bytes);
        edge.awaitMetric(FILLED, 1);
        assertThat(TestEdge.cacheStatus(edge.get(FakeOrigin.path(digest)))).endsWith("; hit");
        assertThat(origin.count("GET", FakeOrigin.path(digest))).isEqualTo(1);
    }
}
