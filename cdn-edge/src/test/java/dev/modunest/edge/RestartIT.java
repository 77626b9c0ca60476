package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Reload, drain, and one edge that follows another. */
final class RestartIT extends EdgeIT {

    @Override
    String[] settings() {
        return new String[] {"LISTEN_DRAIN_TIMEOUT", "15s", "LISTEN_REUSE_PORT", "true"};
    }

    @Test
    void drainEndsWhatIsRunningAndTakesNothingNew() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        origin.on(
                "/slow",
                x -> {
                    asked.countDown();
                    answer.await();
                    FakeOrigin.send(x, 200, new byte[5]);
                });
        try (Socket running = edge.raw(TestEdge.head("GET /slow HTTP/1.1", "Host: e"));
                Socket kept = edge.raw(TestEdge.head("GET /health/live HTTP/1.1", "Host: e"));
                FrameSocket http2 = new FrameSocket(edge.server().port()).begin()) {
            asked.await();
            assertThat(kept.getInputStream().read()).isEqualTo('H');
            CompletableFuture<Void> drained = CompletableFuture.runAsync(edge.server()::drain);
            TestEdge.await("no new connections", this::isRefused);
            kept.getOutputStream()
                    .write(
                            TestEdge.head("GET /health/ready HTTP/1.1", "Host: e")
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(TestEdge.latin(kept))
                    .contains("HTTP/1.1 503", "draining", "onnection: close");
            FrameSocket.Frame frame = http2.read();
            while (frame.type() != FrameSocket.GOAWAY) {
                frame = http2.read();
            }
            assertThat(frame.code()).isZero();
            assertThat(drained).isNotDone();
            answer.countDown();
            assertThat(TestEdge.latin(running)).startsWith("HTTP/1.1 200");
            drained.join();
        }
    }

    private boolean isRefused() {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), edge.server().port())) {
            return false;
        } catch (ConnectException refused) {
            return true;
        } catch (IOException other) {
            return false;
        }
    }

    @Test
    void reloadAppliesWhatCanChangeAndNamesTheRest() {
        SettingsChange change =
                edge.server()
                        .reload(
                                TestEdge.config(
                                        origin.uri(),
                                        directory,
                                        "LISTEN_DRAIN_TIMEOUT",
                                        "15s",
                                        "LISTEN_REUSE_PORT",
                                        "true",
                                        "LIMITS_RATE",
                                        "1",
                                        "LIMITS_BURST",
                                        "1",
                                        "LISTEN_MAX_REQUESTS_PER_CONNECTION",
                                        "1",
                                        "MEMORY_SIZE",
                                        "1MiB",
                                        "LISTEN_TLS_PORT",
                                        "1"));
        assertThat(change.applicable())
                .containsExactly(
                        "limits.burst", "limits.rate", "listen.max_requests_per_connection");
        assertThat(change.refused()).containsExactly("listen.tls.port", "memory.size");
        edge.get("/a");
        assertThat(edge.get("/a").statusCode()).isEqualTo(429);
        assertThat(edge.get("/health/live").headers().firstValue("Connection")).hasValue("close");
    }

    @Test
    void badSettingsChangeNothing() throws IOException {
        Path file = Files.writeString(directory.resolve("bad.yaml"), "listen: {port: x}");
        Main.reload(edge.server(), Optional.of(file), Map.of());
        assertThat(edge.get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void edgeThatWaitsForTheDirectoryPassesThrough() {
        String path = FakeOrigin.path(origin.artifact(TestEdge.bytes(100, 1)));
        try (TestEdge second = new TestEdge(origin.uri(), directory, "LISTEN_REUSE_PORT", "true")) {
            HttpResponse<byte[]> ready = second.get("/health/ready");
            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(TestEdge.text(ready)).contains("degraded", "owned by an edge");
            assertThat(second.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(TestEdge.cacheStatus(second.get(path)))
                    .isEqualTo("modunest-edge; fwd=bypass");
            assertThat(second.metric("modunest_edge_connections")).isPositive();
            edge.close();
            TestEdge.await(
                    "the cache", () -> TestEdge.cacheStatus(second.get(path)).endsWith("; hit"));
        }
    }

    @Test
    void secondEdgeFollowsTheFirstOnItsPortWithoutAFailedRequest() throws Exception {
        Path cache = directory.resolve("cache");
        byte[] bytes = TestEdge.bytes(100_000, 1);
        String path = FakeOrigin.path(origin.artifact(bytes));
        String[] shared = {"-Xmx128m"};
        try (EdgeProcess first =
                new EdgeProcess(
                        origin.uri(),
                        cache,
                        Map.of("MODUNEST_LISTEN_REUSE_PORT", "true"),
                        shared)) {
            Map<String, String> port =
                    Map.of(
                            "MODUNEST_LISTEN_REUSE_PORT",
                            "true",
                            "MODUNEST_LISTEN_PORT",
                            Integer.toString(first.uri().getPort()));
            AtomicBoolean over = new AtomicBoolean();
            AtomicInteger answered = new AtomicInteger();
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                boolean keepAlive = i % 2 == 0;
                clients.add(
                        CompletableFuture.runAsync(
                                () -> load(first.uri().resolve(path), keepAlive, over, answered)));
            }
            TestEdge.await("load", () -> answered.get() > 50);
            try (EdgeProcess second = new EdgeProcess(origin.uri(), cache, port, shared)) {
                int before = answered.get();
                TestEdge.await("load on both", () -> answered.get() > before + 50);
                assertThat(first.terminate()).isZero();
                TestEdge.await("the cache again", () -> isHit(second.uri().resolve(path)));
                int after = answered.get();
                TestEdge.await("load on the second", () -> answered.get() > after + 50);
                over.set(true);
                clients.forEach(CompletableFuture::join);
            }
        }
    }

    private static boolean isHit(URI uri) {
        try {
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
            try (InputStream in = connection.getInputStream()) {
                in.readAllBytes();
            }
            return "modunest-edge; hit".equals(connection.getHeaderField("Cache-Status"));
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Requests one after the other; throws when one fails. */
    private static void load(
            URI uri, boolean keepAlive, AtomicBoolean over, AtomicInteger answered) {
        while (!over.get()) {
            try (HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
                for (int i = 0; i < (keepAlive ? 20 : 1) && !over.get(); i++) {
                    HttpResponse<byte[]> response =
                            client.send(
                                    HttpRequest.newBuilder(uri).build(),
                                    HttpResponse.BodyHandlers.ofByteArray());
                    if (response.statusCode() != 200 || response.body().length != 100_000) {
                        throw new IllegalStateException(response.toString());
                    }
                    answered.incrementAndGet();
                }
            } catch (IOException | InterruptedException failed) {
                throw new IllegalStateException(failed);
            }
        }
    }
}
