package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Digest;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

/** What the edge hands on. */
final class ProxyIT extends EdgeIT {

    private static final String PUBLISH = "/api/v1/plugins/acme/markdown/1.2.3";

    private final AtomicReference<Digest> received = new AtomicReference<>();
    private final AtomicReference<com.sun.net.httpserver.Headers> headers = new AtomicReference<>();

    @Test
    void uploadIsHandedOnWithItsHeaders() {
        byte[] body = TestEdge.bytes(5 << 20, 1);
        takeUploads();
        HttpResponse<byte[]> response =
                edge.exchange(
                        put(HttpRequest.BodyPublishers.ofByteArray(body))
                                .header("Authorization", "Bearer t")
                                .header("X-Request-Id", "upload-1")
                                .header("X-Forwarded-For", "192.0.2.7")
                                .build());
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.headers().firstValue("Location")).hasValue("/there");
        assertThat(response.headers().firstValue("Via")).hasValue("1.1 modunest-edge");
        assertThat(response.headers().firstValue("X-Request-Id")).hasValue("upload-1");
        assertThat(TestEdge.cacheStatus(response)).isEqualTo("modunest-edge; fwd=method");
        assertThat(received.get()).isEqualTo(Digest.ofBytes(body));
        assertThat(headers.get().getFirst("Authorization")).isEqualTo("Bearer t");
        assertThat(headers.get().getFirst("X-Request-Id")).isEqualTo("upload-1");
        assertThat(headers.get().getFirst("X-Forwarded-For")).isEqualTo("192.0.2.7, 127.0.0.1");
        assertThat(headers.get().getFirst("X-Forwarded-Proto")).isEqualTo("http");
        assertThat(headers.get().getFirst("X-Forwarded-Host"))
                .isEqualTo("127.0.0.1:" + edge.server().port());
        assertThat(headers.get().getFirst("Via")).isEqualTo("1.1 modunest-edge");
        assertThat(headers.get().getFirst("Content-Length")).isEqualTo("" + body.length);
    }

    @Test
    void uploadOfUnknownLengthIsHandedOn() {
        byte[] body = TestEdge.bytes(3 << 20, 2);
        takeUploads();
        HttpResponse<byte[]> response =
                edge.exchange(
                        put(HttpRequest.BodyPublishers.ofInputStream(
                                        () -> new ByteArrayInputStream(body)))
                                .build());
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(received.get()).isEqualTo(Digest.ofBytes(body));
    }

    @Test
    void uploadWaitsForTheOriginsConsent() {
        byte[] body = TestEdge.bytes(1 << 20, 3);
        takeUploads();
        HttpResponse<byte[]> response =
                edge.exchange(
                        put(HttpRequest.BodyPublishers.ofByteArray(body))
                                .expectContinue(true)
                                .build());
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(received.get()).isEqualTo(Digest.ofBytes(body));
    }

    @Test
    void connectionIsUsedAgainAfterARefusedUpload() throws Exception {
        origin.on(PUBLISH, x -> FakeOrigin.send(x, 401, utf8("who are you")));
        String put = "PUT " + PUBLISH + " HTTP/1.1\r\nHost: e\r\nContent-Length: 5\r\n\r\nhello";
        String health = "GET /health/live HTTP/1.1\r\nHost: e\r\nConnection: close\r\n\r\n";
        assertThat(edge.talk(put + health))
                .contains("HTTP/1.1 401")
                .contains("who are you")
                .contains("{\"status\":\"up\"}");
    }

    @Test
    void headersOfOneHopStayOnIt() throws Exception {
        origin.on(
                "/x",
                x -> {
                    headers.set(x.getRequestHeaders());
                    x.getResponseHeaders().set("Connection", "X-Private");
                    x.getResponseHeaders().set("X-Private", "1");
                    x.getResponseHeaders().set("X-Public", "2");
                    x.getResponseHeaders().set("Cache-Status", "inner; hit");
                    FakeOrigin.send(x, 200, utf8("fine"));
                });
        String answer =
                edge.talk(
                        TestEdge.head(
                                "GET /x HTTP/1.1",
                                "Host: e",
                                "Connection: X-Secret",
                                "X-Secret: 1",
                                "TE: gzip, trailers",
                                "X-Open: 2",
                                "",
                                "GET /health/live HTTP/1.1",
                                "Connection: close"));
        assertThat(answer)
                .containsIgnoringCase("X-Public: 2")
                .contains("inner; hit")
                .contains("modunest-edge; fwd=bypass")
                .doesNotContainIgnoringCase("X-Private");
        assertThat(headers.get().getFirst("X-Open")).isEqualTo("2");
        assertThat(headers.get().getFirst("Te")).isEqualTo("trailers");
        assertThat(headers.get()).doesNotContainKey("X-secret");
    }

    @Test
    void absoluteTargetIsUnderstood() throws Exception {
        origin.on("/x?y=1", x -> FakeOrigin.send(x, 200, utf8("fine")));
        assertThat(
                        edge.talk(
                                TestEdge.head(
                                        "GET http://edge.test/x?y=1 HTTP/1.1",
                                        "Host: edge.test",
                                        "Connection: close")))
                .startsWith("HTTP/1.1 200")
                .contains("fine");
        origin.on("/x", x -> FakeOrigin.send(x, 200, utf8("plain")));
        assertThat(
                        edge.talk(
                                TestEdge.head(
                                        "GET http://edge.test/x HTTP/1.1",
                                        "Host: edge.test",
                                        "Connection: close")))
                .contains("plain");
    }

    @Test
    void bodyOfUnknownLengthAndBodilessAnswersAreHandedBack() {
        origin.on(
                "/chunked",
                x -> {
                    x.sendResponseHeaders(200, 0);
                    x.getResponseBody().write(utf8("some"));
                });
        origin.on("/none", x -> x.sendResponseHeaders(204, -1));
        origin.on("/head", x -> FakeOrigin.send(x, 200, utf8("12345")));
        assertThat(TestEdge.text(edge.get("/chunked"))).isEqualTo("some");
        assertThat(edge.get("/none").statusCode()).isEqualTo(204);
        assertThat(edge.send("HEAD", "/head").headers().firstValue("Content-Length")).hasValue("5");
        assertThat(edge.send("DELETE", "/none").statusCode()).isEqualTo(204);
    }

    @Test
    void getWithABodyIsHandedOnAndNeverCached() {
        takeUploads();
        byte[] body = utf8("query");
        origin.on(
                "/api/v1/search",
                x -> {
                    received.set(Digest.ofBytes(x.getRequestBody().readAllBytes()));
                    FakeOrigin.send(x, 200, utf8("found"));
                });
        HttpResponse<byte[]> response =
                edge.exchange(
                        HttpRequest.newBuilder(edge.server().uri().resolve("/api/v1/search"))
                                .method("GET", HttpRequest.BodyPublishers.ofByteArray(body))
                                .build());
        assertThat(TestEdge.text(response)).isEqualTo("found");
        assertThat(TestEdge.cacheStatus(response)).isEqualTo("modunest-edge; fwd=bypass");
        assertThat(received.get()).isEqualTo(Digest.ofBytes(body));
    }

    @Test
    void originThatIsDownIsToldWithTheFix() {
        origin.close();
        HttpResponse<byte[]> response =
                edge.exchange(put(HttpRequest.BodyPublishers.ofString("x")).build());
        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValue("application/problem+json");
        assertThat(TestEdge.text(response)).contains("origin-unreachable");
    }

    @Test
    void silentOriginIsATimeout() {
        restart("ORIGIN_FIRST_BYTE_TIMEOUT", "300ms");
        CountDownLatch never = new CountDownLatch(1);
        origin.on("/x", x -> never.await());
        assertThat(edge.get("/x").statusCode()).isEqualTo(504);
        never.countDown();
    }

    @Test
    void brokenAnswerBreaksTheConnection() throws Exception {
        origin.on(
                "/x",
                x -> {
                    x.sendResponseHeaders(200, 1000);
                    x.getResponseBody().write(new byte[10]);
                    x.getResponseBody().flush();
                    throw new java.io.IOException("the origin dies here");
                });
        assertThat(edge.talk("GET /x HTTP/1.1\r\nHost: e\r\n\r\n")).contains("1000");
        assertThat(edge.get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void clientThatLeavesReleasesTheOrigin() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        restart("ORIGIN_POOL_SIZE", "1");
        origin.on(
                "/x",
                x -> {
                    asked.countDown();
                    left.await();
                });
        origin.on("/y", x -> FakeOrigin.send(x, 200, utf8("fine")));
        try (Socket client = edge.raw("GET /x HTTP/1.1\r\nHost: e\r\n\r\n")) {
            asked.await();
            assertThat(client.isConnected()).isTrue();
        }
        assertThat(TestEdge.text(edge.get("/y"))).isEqualTo("fine");
        left.countDown();
    }

    @Test
    void fullQueueToTheOriginIsToldWithTheTimeToRetry() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        restart("ORIGIN_POOL_SIZE", "1", "ORIGIN_QUEUE_SIZE", "1", "ORIGIN_CONNECT_TIMEOUT", "20s");
        origin.on(
                "/x",
                x -> {
                    asked.countDown();
                    go.await();
                    FakeOrigin.send(x, 200, utf8("fine"));
                });
        String get = TestEdge.head("GET /x HTTP/1.1", "Host: e", "Connection: close");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            answers.add(threads.submit(() -> edge.talk(get)));
            // The one connection is taken, not being made, when the others come.
            asked.await();
            for (int i = 0; i < 3; i++) {
                answers.add(threads.submit(() -> edge.talk(get)));
            }
            edge.awaitMetric("modunest_edge_origin_failures_total{kind=\"origin-busy\",}", 2);
            go.countDown();
            int refused = 0;
            for (Future<String> answer : answers) {
                if (answer.get().startsWith("HTTP/1.1 503")) {
                    assertThat(answer.get()).contains("Retry-After: 1").contains("origin-busy");
                    refused++;
                } else {
                    assertThat(answer.get()).contains("fine");
                }
            }
            assertThat(refused).isEqualTo(2);
        }
    }

    private void takeUploads() {
        origin.on(
                PUBLISH,
                x -> {
                    headers.set(x.getRequestHeaders());
                    received.set(Digest.ofBytes(x.getRequestBody().readAllBytes()));
                    x.getResponseHeaders().set("Location", "/there");
                    FakeOrigin.send(x, 201, utf8("{}"));
                });
    }

    private HttpRequest.Builder put(HttpRequest.BodyPublisher body) {
        return HttpRequest.newBuilder(edge.server().uri().resolve(PUBLISH))
                .timeout(TestEdge.PATIENCE)
                .PUT(body);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
