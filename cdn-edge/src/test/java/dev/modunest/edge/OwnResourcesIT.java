package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import dev.modunest.format.Digest;

import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Instant;

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
    void readinessTellsLatencyAndLastErrorOfEachDependency() {
        JsonObject up = new JsonObject(TestEdge.text(edge.get("/health/ready")));
        assertThat(up.getJsonObject("dependencies").getJsonObject("origin").getString("status"))
                .isEqualTo("up");
        assertThat(up.getJsonObject("dependencies").getJsonObject("disk").getLong("latency_ms"))
                .isNotNegative();
        origin.close();

        JsonObject origins =
                new JsonObject(TestEdge.text(edge.get("/health/ready")))
                        .getJsonObject("dependencies")
                        .getJsonObject("origin");
        assertThat(origins.getString("status")).isEqualTo("down");
        assertThat(origins.getString("last_error")).isNotEmpty();
        assertThat(Instant.parse(origins.getString("last_error_at"))).isAfter(Instant.EPOCH);
        assertThat(TestEdge.text(edge.get("/health/started")))
                .startsWith("{\"status\":\"started\",\"started_at\":\"20");
    }

    @Test
    void whatAFillLogsHasTheIdOfTheRequestThatBeganIt() {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger("dev.modunest.edge.fill.FillJob");
        lines.start();
        logger.addAppender(lines);
        Digest digest = Digest.ofBytes(TestEdge.bytes(100, 1));
        origin.on(
                FakeOrigin.path(digest),
                x -> FakeOrigin.sendArtifact(x, digest, TestEdge.bytes(100, 2)));
        try {
            assertThatThrownBy(
                            () -> edge.get(FakeOrigin.path(digest), "X-Request-Id", "began-a-fill"))
                    .isInstanceOf(UncheckedIOException.class);
            edge.awaitMetric("modunest_edge_fills_total{outcome=\"digest-mismatch\",}", 1);
        } finally {
            logger.detachAppender(lines);
        }

        assertThat(lines.list)
                .isNotEmpty()
                .allMatch(
                        line -> "began-a-fill".equals(line.getMDCPropertyMap().get("request_id")));
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
