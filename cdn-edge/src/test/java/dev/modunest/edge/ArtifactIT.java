package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.Digest;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Artifacts: hits, misses and what may not be admitted. */
final class ArtifactIT extends EdgeIT {

    private static final String NAMED = "/artifacts/acme/markdown/1.2.3/markdown-1.2.3.jar";

    @Override
    String[] settings() {
        return new String[] {"DISK_MAX_OBJECT", "8MiB"};
    }

    @Test
    void smallArtifactIsFilledOnceAndThenServedFromMemory() {
        byte[] bytes = TestEdge.bytes(1024, 1);
        Digest digest = origin.artifact(bytes);
        HttpResponse<byte[]> miss = edge.get(FakeOrigin.path(digest), "X-Request-Id", "my.id-1");
        assertThat(miss.body()).isEqualTo(bytes);
        assertThat(TestEdge.cacheStatus(miss)).isEqualTo("modunest-edge; fwd=miss; stored");
        assertThat(miss.headers().firstValue("X-Request-Id")).hasValue("my.id-1");
        edge.awaitMetric(FILLED, 1);
        edge.advance(Duration.ofSeconds(7));
        HttpResponse<byte[]> hit = edge.get(FakeOrigin.path(digest));
        assertThat(hit.body()).isEqualTo(bytes);
        assertThat(TestEdge.cacheStatus(hit)).isEqualTo("modunest-edge; hit");
        assertThat(Long.parseLong(hit.headers().firstValue("Age").orElse(""))).isBetween(7L, 8L);
        assertThat(hit.headers().firstValue("ETag")).hasValue(digest.entityTag());
        assertThat(hit.headers().firstValue("Repr-Digest")).hasValue(digest.reprDigest());
        assertThat(hit.headers().firstValue("Content-Type")).hasValue("application/java-archive");
        assertThat(hit.headers().firstValue("Accept-Ranges")).hasValue("bytes");
        assertThat(hit.headers().firstValue("Last-Modified"))
                .hasValue("Sun, 01 Nov 2026 00:00:00 GMT");
        assertThat(hit.headers().firstValue("Cache-Control"))
                .hasValue("public, max-age=31536000, immutable");
        assertThat(hit.headers().firstValue("X-Request-Id")).isPresent();
        assertThat(origin.count("GET", FakeOrigin.path(digest))).isOne();
        assertThat(edge.metric("modunest_edge_hits_total{tier=\"memory\",}")).isOne();
    }

    @Test
    void largeArtifactIsServedFromDisk() {
        byte[] bytes = TestEdge.bytes(3 << 20, 2);
        Digest digest = origin.artifact(bytes);
        assertThat(edge.get(FakeOrigin.path(digest)).body()).isEqualTo(bytes);
        edge.awaitMetric(FILLED, 1);
        HttpResponse<byte[]> hit = edge.get(FakeOrigin.path(digest));
        assertThat(hit.body()).isEqualTo(bytes);
        assertThat(TestEdge.cacheStatus(hit)).isEqualTo("modunest-edge; hit");
        assertThat(edge.metric("modunest_edge_hits_total{tier=\"disk\",}")).isOne();
        assertThat(edge.metric("modunest_edge_tier_bytes{tier=\"disk\",}")).isEqualTo(3 << 20);
        assertThat(origin.count("GET", FakeOrigin.path(digest))).isOne();
    }

    @Test
    void emptyArtifactIsServed() {
        Digest digest = Digest.ofBytes(new byte[0]);
        origin.on(
                FakeOrigin.path(digest),
                x -> {
                    FakeOrigin.artifactHeaders(x, digest);
                    x.getResponseHeaders().set("Content-Length", "0");
                    x.sendResponseHeaders(200, -1);
                });
        assertThat(edge.get(FakeOrigin.path(digest)).body()).isEmpty();
        edge.awaitMetric(FILLED, 1);
        assertThat(TestEdge.cacheStatus(edge.get(FakeOrigin.path(digest)))).endsWith("; hit");
        assertThat(edge.get(FakeOrigin.path(digest), "Range", "bytes=0-1").statusCode())
                .isEqualTo(416);
    }

    @Test
    void artifactOfUnknownLengthIsFilled() {
        byte[] bytes = TestEdge.bytes(3 << 20, 3);
        Digest digest = Digest.ofBytes(bytes);
        origin.on(
                FakeOrigin.path(digest),
                x -> {
                    x.sendResponseHeaders(200, 0);
                    x.getResponseBody().write(bytes);
                });
        assertThat(edge.get(FakeOrigin.path(digest)).body()).isEqualTo(bytes);
        edge.awaitMetric(FILLED, 1);
        assertThat(TestEdge.cacheStatus(edge.get(FakeOrigin.path(digest)))).endsWith("; hit");
    }

    @Test
    void artifactOfUnknownLengthBeyondTheBoundIsNotAdmitted() {
        byte[] bytes = TestEdge.bytes(9 << 20, 4);
        Digest digest = Digest.ofBytes(bytes);
        origin.on(
                FakeOrigin.path(digest),
                x -> {
                    x.sendResponseHeaders(200, 0);
                    x.getResponseBody().write(bytes);
                });
        assertThat(edge.get(FakeOrigin.path(digest)).statusCode()).isEqualTo(502);
        edge.awaitMetric("modunest_edge_fills_total{outcome=\"storage-failed\",}", 1);
        assertThat(edge.metric("modunest_edge_tier_objects{tier=\"disk\",}")).isZero();
    }

    @Test
    void tooLargeArtifactIsPassedThrough() {
        byte[] bytes = TestEdge.bytes(9 << 20, 5);
        Digest digest = origin.artifact(bytes);
        HttpResponse<byte[]> response = edge.get(FakeOrigin.path(digest));
        assertThat(response.body()).isEqualTo(bytes);
        assertThat(TestEdge.cacheStatus(response)).isEqualTo("modunest-edge; fwd=miss");
        assertThat(edge.metric("modunest_edge_fills_total{outcome=\"too-large\",}")).isOne();
    }

    @Test
    void bytesOfAnotherDigestAreNeverAdmittedAndTheResponseIsAborted() {
        byte[] wrong = TestEdge.bytes(2 << 20, 6);
        Digest digest = Digest.ofBytes(TestEdge.bytes(16, 7));
        origin.on(FakeOrigin.path(digest), x -> FakeOrigin.send(x, 200, wrong));
        assertThatThrownBy(() -> edge.get(FakeOrigin.path(digest)))
                .isInstanceOf(UncheckedIOException.class);
        edge.awaitMetric("modunest_edge_fills_total{outcome=\"digest-mismatch\",}", 1);
        assertThat(edge.metric("modunest_edge_tier_objects{tier=\"disk\",}")).isZero();
        assertThatThrownBy(() -> edge.get(FakeOrigin.path(digest)))
                .isInstanceOf(UncheckedIOException.class);
        assertThat(origin.count("GET", FakeOrigin.path(digest))).isGreaterThan(1);
    }

    @Test
    void rangeOfAnUnverifiedArtifactIsNotCompletedEither() {
        byte[] wrong = TestEdge.bytes(2 << 20, 6);
        Digest digest = Digest.ofBytes(TestEdge.bytes(16, 7));
        origin.on(FakeOrigin.path(digest), x -> FakeOrigin.send(x, 200, wrong));
        assertThatThrownBy(() -> edge.get(FakeOrigin.path(digest), "Range", "bytes=0-9"))
                .isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void digestThatTheOriginItselfDeniesIsRefusedWithoutReading() {
        byte[] bytes = TestEdge.bytes(100, 8);
        Digest other = Digest.ofBytes(TestEdge.bytes(16, 9));
        origin.on(
                FakeOrigin.path(other),
                x -> FakeOrigin.sendArtifact(x, Digest.ofBytes(bytes), bytes));
        HttpResponse<byte[]> response = edge.get(FakeOrigin.path(other));
        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(TestEdge.text(response)).contains("origin-invalid");
    }

    @Test
    void truncatedBodyIsNeverAdmittedAndTheResponseIsAborted() {
        byte[] bytes = TestEdge.bytes(2 << 20, 10);
        Digest digest = Digest.ofBytes(bytes);
        origin.on(
                FakeOrigin.path(digest),
                x -> {
                    FakeOrigin.artifactHeaders(x, digest);
                    x.sendResponseHeaders(200, bytes.length);
                    x.getResponseBody().write(bytes, 0, 1 << 20);
                    x.getResponseBody().flush();
                    throw new IOException("the origin dies here");
                });
        assertThatThrownBy(() -> edge.get(FakeOrigin.path(digest)))
                .isInstanceOf(UncheckedIOException.class);
        edge.awaitMetric("modunest_edge_fills_total{outcome=\"broken-off\",}", 1);
        assertThat(directory.resolve("spool")).isEmptyDirectory();
        origin.artifact(bytes);
        assertThat(edge.get(FakeOrigin.path(digest)).body()).isEqualTo(bytes);
    }

    @Test
    void refusalOfTheOriginIsHandedOnAndRememberedShortly() {
        String path = FakeOrigin.path(Digest.ofBytes(TestEdge.bytes(16, 11)));
        HttpResponse<byte[]> first = edge.get(path);
        assertThat(first.statusCode()).isEqualTo(404);
        assertThat(TestEdge.text(first)).contains("unknown at the origin");
        assertThat(edge.get(path).statusCode()).isEqualTo(404);
        assertThat(origin.count("GET", path)).isOne();
        edge.advance(Duration.ofSeconds(2));
        assertThat(edge.get(path).statusCode()).isEqualTo(404);
        assertThat(origin.count("GET", path)).isEqualTo(2);
    }

    @Test
    void nameIsResolvedOnceAndSharesTheObjectOfItsDigest() {
        byte[] bytes = TestEdge.bytes(4096, 12);
        Digest digest = origin.artifact(NAMED, bytes);
        assertThat(edge.get(NAMED).body()).isEqualTo(bytes);
        edge.awaitMetric(FILLED, 1);
        HttpResponse<byte[]> byName = edge.get(NAMED);
        assertThat(byName.body()).isEqualTo(bytes);
        assertThat(TestEdge.cacheStatus(byName)).endsWith("; hit");
        assertThat(TestEdge.cacheStatus(edge.get(FakeOrigin.path(digest)))).endsWith("; hit");
        assertThat(origin.count("HEAD", NAMED)).isOne();
        assertThat(origin.count("GET", NAMED) + origin.count("GET", FakeOrigin.path(digest)))
                .isOne();
    }

    @Test
    void nameWithoutAValidDigestIsPassedThroughAndNotAdmitted() {
        for (String digest : new String[] {"", "sha-256=:AAAA:", "sha-256=:!!:", "md5=:AAAA:"}) {
            origin.on(
                    NAMED,
                    x -> {
                        x.getResponseHeaders().set("Repr-Digest", digest);
                        FakeOrigin.send(x, 200, "jar".getBytes(StandardCharsets.UTF_8));
                    });
            HttpResponse<byte[]> response = edge.get(NAMED);
            assertThat(response.body()).asString().isEqualTo("jar");
            assertThat(TestEdge.cacheStatus(response)).isEqualTo("modunest-edge; fwd=miss");
        }
        assertThat(edge.metric("modunest_edge_tier_objects{tier=\"disk\",}")).isZero();
    }

    @Test
    void unknownNameIsRefusedAndRememberedShortly() {
        assertThat(edge.get(NAMED).statusCode()).isEqualTo(404);
        assertThat(edge.get(NAMED).statusCode()).isEqualTo(404);
        assertThat(origin.count("HEAD", NAMED)).isOne();
        assertThat(origin.count("GET", NAMED)).isOne();
    }

    @Test
    void pathThatIsNoArtifactsIsPassedToTheOrigin() {
        assertThat(edge.get("/artifacts/sha256/xyz").statusCode()).isEqualTo(404);
        assertThat(origin.count("GET", "/artifacts/sha256/xyz")).isOne();
    }

    @Test
    void headOnAMissAsksTheOriginAndFillsNothing() {
        byte[] bytes = TestEdge.bytes(4096, 13);
        Digest digest = origin.artifact(NAMED, bytes);
        HttpResponse<byte[]> head = edge.send("HEAD", NAMED);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Length")).hasValue("4096");
        assertThat(origin.count("GET", FakeOrigin.path(digest))).isZero();
    }

    @Test
    void clientThatHoldsTheObjectCausesNoFill() {
        Digest digest = Digest.ofBytes(TestEdge.bytes(16, 14));
        origin.on(FakeOrigin.path(digest), x -> x.sendResponseHeaders(304, -1));
        HttpResponse<byte[]> response =
                edge.get(FakeOrigin.path(digest), "If-None-Match", digest.entityTag());
        assertThat(response.statusCode()).isEqualTo(304);
        assertThat(edge.metric(FILLED)).isZero();
    }

    @Test
    void credentialsAreServedFromTheCacheAndNeverReachAFill() {
        byte[] bytes = TestEdge.bytes(4096, 15);
        Digest digest = Digest.ofBytes(bytes);
        String path = FakeOrigin.path(digest);
        List<String> sent = new CopyOnWriteArrayList<>();
        origin.on(
                path,
                x -> {
                    sent.add(String.valueOf(x.getRequestHeaders().getFirst("Authorization")));
                    FakeOrigin.artifactHeaders(x, digest);
                    FakeOrigin.send(x, 200, bytes);
                });
        HttpResponse<byte[]> miss = edge.get(path, "Authorization", "Bearer x");
        assertThat(miss.body()).isEqualTo(bytes);
        edge.awaitMetric(FILLED, 1);
        assertThat(TestEdge.cacheStatus(edge.get(path, "Authorization", "Bearer x")))
                .endsWith("; hit");
        assertThat(sent).containsExactly("null");
    }

    @Test
    void cachedArtifactIsServedWithoutTheOriginAndOthersAreRefusedWithTheFix() {
        byte[] bytes = TestEdge.bytes(2 << 20, 16);
        Digest digest = origin.artifact(NAMED, bytes);
        edge.get(NAMED);
        edge.awaitMetric(FILLED, 1);
        origin.close();
        assertThat(edge.get(NAMED).body()).isEqualTo(bytes);
        assertThat(edge.get(FakeOrigin.path(digest)).body()).isEqualTo(bytes);
        HttpResponse<byte[]> other =
                edge.get(FakeOrigin.path(Digest.ofBytes(TestEdge.bytes(16, 17))));
        assertThat(other.statusCode()).isEqualTo(502);
        assertThat(other.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(TestEdge.text(other)).contains("origin-unreachable").contains("origin.uri");
        assertThat(edge.get("/artifacts/acme/other/1.0.0/other-1.0.0.jar").statusCode())
                .isEqualTo(502);
    }
}
