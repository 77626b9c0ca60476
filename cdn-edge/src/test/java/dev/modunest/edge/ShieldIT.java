package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;

import dev.modunest.format.Digest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** An edge whose origin is another edge. */
final class ShieldIT {

    private static final String RELEASE = "acme/markdown@1.2.3";
    private static final String INDEX = "/index/acme/markdown";

    @TempDir Path directory;
    private final FakeOrigin origin = new FakeOrigin();
    private final AtomicReference<Headers> received = new AtomicReference<>();
    private TestEdge shield;
    private TestEdge edge;

    @BeforeEach
    void start() {
        shield = edge("shield", origin);
        edge =
                new TestEdge(
                        shield.server().uri(),
                        directory.resolve("edge"),
                        "CDN_ID",
                        "edge",
                        "DOWNLOADS_TOKEN",
                        "shared",
                        "DOWNLOADS_INTERVAL",
                        "100ms");
    }

    private TestEdge edge(String name, FakeOrigin behind) {
        return new TestEdge(
                behind.uri(),
                directory.resolve(name),
                "CDN_ID",
                name,
                "DOWNLOADS_TOKEN",
                "shared",
                "DOWNLOADS_INTERVAL",
                "100ms");
    }

    @AfterEach
    void stop() {
        edge.close();
        shield.close();
        origin.close();
    }

    @Test
    void artifactIsFetchedOnceAndKeepsItsAge() {
        byte[] bytes = TestEdge.bytes(10_000, 1);
        Digest digest = Digest.ofBytes(bytes);
        String path = FakeOrigin.path(digest);
        origin.on(
                path,
                x -> {
                    received.set(x.getRequestHeaders());
                    FakeOrigin.sendArtifact(x, digest, bytes);
                });
        assertThat(shield.get(path).body()).isEqualTo(bytes);
        shield.awaitMetric(EdgeIT.FILLED, 1);
        shield.advance(Duration.ofSeconds(100));
        HttpResponse<byte[]> filled = edge.get(path);
        assertThat(filled.body()).isEqualTo(bytes);
        edge.awaitMetric(EdgeIT.FILLED, 1);
        HttpResponse<byte[]> hit = edge.get(path);
        assertThat(TestEdge.cacheStatus(hit)).isEqualTo("modunest-edge; hit");
        assertThat(hit.headers().firstValueAsLong("Age").orElse(0)).isBetween(100L, 110L);
        assertThat(origin.count("GET", path)).isOne();
    }

    @Test
    void requestIsFollowedFromHopToHop() {
        byte[] bytes = TestEdge.bytes(100, 2);
        Digest digest = Digest.ofBytes(bytes);
        origin.on(
                FakeOrigin.path(digest),
                x -> {
                    received.set(x.getRequestHeaders());
                    FakeOrigin.sendArtifact(x, digest, bytes);
                });
        edge.get(FakeOrigin.path(digest), "X-Request-Id", "far-1", "CDN-Loop", "other;v=1");
        assertThat(received.get().getFirst("X-Request-Id")).isEqualTo("far-1");
        assertThat(hops()).containsExactly("other;v=1", "edge", "shield");
        origin.on(
                "/passed",
                x -> {
                    received.set(x.getRequestHeaders());
                    FakeOrigin.send(x, 200, new byte[0]);
                });
        edge.get("/passed", "X-Request-Id", "far-2", "CDN-Loop", "other");
        assertThat(received.get().getFirst("X-Request-Id")).isEqualTo("far-2");
        assertThat(received.get().get("Via"))
                .containsExactly("1.1 modunest-edge", "1.1 modunest-edge");
        assertThat(hops()).containsExactly("other", "edge", "shield");
    }

    private List<String> hops() {
        return received.get().getOrDefault("CDN-Loop", List.of());
    }

    @Test
    void eventsComeThroughTheShieldAndPurgeBoth() {
        String path = "/artifacts/acme/markdown/1.2.3/markdown-1.2.3.jar";
        Digest digest = origin.artifact(path, TestEdge.bytes(100, 3));
        origin.document(INDEX, "one", "max-age=3600");
        edge.awaitMetric("modunest_edge_stream_connected", 1);
        assertThat(TestEdge.text(edge.get(INDEX))).isEqualTo("one");
        assertThat(edge.get(path).statusCode()).isEqualTo(200);
        edge.awaitMetric(EdgeIT.FILLED, 1);

        origin.document(INDEX, "two", "max-age=3600");
        origin.on(path, x -> FakeOrigin.send(x, 451, new byte[0]));
        origin.on(FakeOrigin.path(digest), x -> FakeOrigin.send(x, 451, new byte[0]));
        long serial = origin.events().tell("release.quarantined", RELEASE, digest);
        edge.awaitMetric("modunest_edge_applied_serial", (double) serial);
        shield.awaitMetric("modunest_edge_applied_serial", (double) serial);

        assertThat(TestEdge.text(edge.get(INDEX))).isEqualTo("two");
        assertThat(edge.get(path).statusCode()).isEqualTo(451);
        assertThat(shield.get(path).statusCode()).isEqualTo(451);
    }

    @Test
    void downloadIsCountedOnceAndByTheEdgeThatServedIt() {
        AtomicReference<String> counts = new AtomicReference<>("");
        origin.on(
                "/api/v1/downloads",
                x -> {
                    counts.updateAndGet(before -> before + body(x.getRequestBody()));
                    FakeOrigin.send(x, 200, "{}".getBytes(StandardCharsets.UTF_8));
                });
        Digest digest = origin.artifact(TestEdge.bytes(100, 4));
        edge.get(FakeOrigin.path(digest));
        edge.awaitMetric("modunest_edge_download_batches_total{outcome=\"acknowledged\",}", 1);
        assertThat(counts.get().split(digest.hex(), -1)).hasSize(2);
        assertThat(shield.metric("modunest_edge_download_batches_waiting")).isZero();
        assertThat(shield.metric("modunest_edge_download_batches_total{outcome=\"acknowledged\",}"))
                .isZero();
    }

    private static String body(InputStream in) {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Test
    void recheckAsksTheOriginThroughTheShield() {
        String path = FakeOrigin.path(origin.artifact(TestEdge.bytes(100, 5)));
        assertThat(edge.get(path).statusCode()).isEqualTo(200);
        edge.awaitMetric(EdgeIT.FILLED, 1);
        int asked = origin.count("HEAD", path);
        HttpResponse<byte[]> rechecked = edge.send("HEAD", path, "Cache-Control", "no-cache");
        assertThat(rechecked.statusCode()).isEqualTo(200);
        assertThat(origin.count("HEAD", path)).isEqualTo(asked + 1);
        edge.send("HEAD", path);
        assertThat(origin.count("HEAD", path)).isEqualTo(asked + 1);

        origin.on(path, x -> FakeOrigin.send(x, 451, new byte[0]));
        origin.events().forget(7);
        TestEdge.await("dropped by both", () -> edge.get(path).statusCode() == 451);
        TestEdge.await("dropped by the shield", () -> shield.get(path).statusCode() == 451);
    }

    @Test
    void requestThatHasBeenHereIsRefused() {
        for (String path : List.of("/x", INDEX, FakeOrigin.path(Digest.ofBytes(new byte[0])))) {
            HttpResponse<byte[]> refused = edge.get(path, "CDN-Loop", "shield, edge;v=2");
            assertThat(refused.statusCode()).isEqualTo(508);
            assertThat(TestEdge.text(refused)).contains("loop-detected", "edge");
        }
        assertThat(edge.send("POST", "/x", "CDN-Loop", "edge").statusCode()).isEqualTo(508);
        assertThat(edge.get("/health/live", "CDN-Loop", "edge").statusCode()).isEqualTo(200);
    }
}
