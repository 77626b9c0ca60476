package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;

/** Health, metrics, and what the edge refuses by itself. */
final class OwnResourcesIT extends EdgeIT {

    @Test
    void edgeLivesWithoutTheOrigin() {
        origin.close();
        HttpResponse<byte[]> live = edge.get("/health/live");
        assertThat(live.statusCode()).isEqualTo(200);
        assertThat(TestEdge.text(live)).isEqualTo("{\"status\":\"up\"}");
        assertThat(live.headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    @Test
    void readinessIsUpDegradedOrDown() {
        edge.awaitMetric("modunest_edge_stream_connected", 1);
        assertThat(TestEdge.text(edge.get("/health/ready"))).contains("\"status\":\"up\"");
        origin.close();
        HttpResponse<byte[]> empty = edge.get("/health/ready");
        assertThat(empty.statusCode()).isEqualTo(503);
        assertThat(TestEdge.text(empty)).contains("\"status\":\"down\"");
    }

    @Test
    void readinessIsDegradedWhileTheCacheServesWithoutTheOrigin() {
        String path = FakeOrigin.path(origin.artifact(TestEdge.bytes(100, 1)));
        edge.get(path);
        edge.awaitMetric(FILLED, 1);
        origin.close();
        HttpResponse<byte[]> ready = edge.get("/health/ready");
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(TestEdge.text(ready)).contains("\"status\":\"degraded\"");
    }

    @Test
    void readinessIsDegradedAndLargeArtifactsPassThroughWhenTheDiskTakesNothing()
            throws IOException {
        Files.delete(directory.resolve("spool"));
        HttpResponse<byte[]> ready = edge.get("/health/ready");
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(TestEdge.text(ready)).contains("degraded").contains("not writable");
        byte[] small = TestEdge.bytes(100, 1);
        String path = FakeOrigin.path(origin.artifact(small));
        assertThat(edge.get(path).body()).isEqualTo(small);
        assertThat(TestEdge.cacheStatus(edge.get(path))).endsWith("; hit");
        byte[] bytes = TestEdge.bytes(2_000_000, 1);
        HttpResponse<byte[]> passed = edge.get(FakeOrigin.path(origin.artifact(bytes)));
        assertThat(passed.body()).isEqualTo(bytes);
        assertThat(TestEdge.cacheStatus(passed)).isEqualTo("modunest-edge; fwd=miss");
        Files.createDirectory(directory.resolve("spool"));
    }

    @Test
    void metricsCountRequestsByRouteAndCacheStatus() {
        String path = FakeOrigin.path(origin.artifact(TestEdge.bytes(100, 1)));
        edge.get(path);
        edge.awaitMetric(FILLED, 1);
        edge.get(path);
        edge.awaitMetric(
                "modunest_edge_requests_total{route=\"artifact\",cache=\"hit\",status=\"200\",}",
                1);
        assertThat(
                        edge.metric(
                                "modunest_edge_requests_total{route=\"artifact\",cache=\"miss\",status=\"200\",}"))
                .isOne();
        assertThat(edge.metric("modunest_edge_response_bytes_total{route=\"artifact\",}"))
                .isEqualTo(200);
        assertThat(edge.metric("modunest_edge_origin_seconds_count{method=\"get\",}")).isOne();
        assertThat(edge.metric("modunest_edge_tier_objects{tier=\"disk\",}")).isOne();
        assertThat(edge.metric("modunest_edge_fills_running")).isZero();
        assertThat(edge.metric("jvm_threads_current")).isPositive();
        assertThat(edge.send("HEAD", "/metrics").body()).isEmpty();
    }

    @Test
    void ownResourcesAreOnlyRead() {
        for (String path : new String[] {"/metrics", "/health/live", "/health/ready"}) {
            HttpResponse<byte[]> response = edge.send("POST", path);
            assertThat(response.statusCode()).isEqualTo(405);
            assertThat(response.headers().firstValue("Allow")).hasValue("GET, HEAD");
            assertThat(TestEdge.text(response)).contains("method-not-allowed");
        }
    }

    @Test
    void unknownOwnResourceIsNotFound() {
        HttpResponse<byte[]> response = edge.get("/health/other", "X-Request-Id", "bad id!");
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValue("application/problem+json");
        assertThat(response.headers().firstValue("X-Request-Id").orElse("")).hasSize(16);
        assertThat(TestEdge.text(response)).contains("\"request_id\"");
    }

    @Test
    void requestsBeyondTheBoundsAreRefused() throws IOException {
        assertThat(edge.talk("GET /" + "x".repeat(10_000) + " HTTP/1.1\r\nHost: e\r\n\r\n"))
                .startsWith("HTTP/1.0 414")
                .contains("uri-too-long")
                .contains("8KiB");
        assertThat(edge.talk("GET / HTTP/1.1\r\nHost: e\r\nX: " + "x".repeat(10_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431")
                .contains("headers-too-large");
        assertThat(edge.talk("GET / HTTP/1.1\r\nHost: e\r\nContent-Length: x\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("bad-request");
        assertThat(edge.talk("GET index HTTP/1.1\r\nHost: e\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("bad-request");
        assertThat(edge.talk("OPTIONS * HTTP/1.1\r\nHost: e\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
    }

    @Test
    void everyLoopServesOnTheOnePort() {
        restart("LISTEN_EVENT_LOOPS", "3");
        for (int i = 0; i < 6; i++) {
            assertThat(edge.get("/health/live", "X-Request-Id", "r" + i).statusCode())
                    .isEqualTo(200);
        }
        assertThat(edge.server().uri().getPort()).isEqualTo(edge.server().port());
    }
}
