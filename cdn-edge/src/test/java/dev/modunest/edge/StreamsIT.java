package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Responses that do not end. */
final class StreamsIT extends EdgeIT {

    private static final String INDEX = "/index/acme/markdown";
    private static final String EVENTS = "/api/v1/events?since=0";
    private static final String UNEXPECTED = "/api/v1/unexpected";
    private static final String PUBLISH = "/api/v1/publishes/1";

    private final CountDownLatch end = new CountDownLatch(1);

    @Override
    String[] settings() {
        return new String[] {
            "ORIGIN_POOL_SIZE", "1",
            "ORIGIN_QUEUE_SIZE", "1",
            "ORIGIN_MAX_STREAMS", "2",
            "DOWNLOADS_TOKEN", "shared"
        };
    }

    private void stream(HttpExchange x) throws IOException, InterruptedException {
        x.getResponseHeaders().set("Content-Type", "text/event-stream");
        x.getResponseHeaders().set("Cache-Control", "no-store");
        x.sendResponseHeaders(200, 0);
        x.getResponseBody().write(": here\n\n".getBytes(StandardCharsets.UTF_8));
        x.getResponseBody().flush();
        end.await();
    }

    /** A connection on which the stream of {@code path} has begun. */
    private Socket open(String path) throws IOException {
        Socket socket =
                edge.raw(
                        TestEdge.head(
                                "GET " + path + " HTTP/1.1",
                                "Host: e",
                                "Accept: text/event-stream"));
        byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
        assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
        return socket;
    }

    @ParameterizedTest
    @ValueSource(strings = {EVENTS, UNEXPECTED, PUBLISH})
    void streamsLeaveTheConnectionsOfOthersAlone(String path) throws Exception {
        origin.on(UNEXPECTED, this::stream);
        origin.on(PUBLISH, this::stream);
        origin.document(INDEX, "one", "public, max-age=5");
        List<Socket> streams = new ArrayList<>();
        try {
            streams.add(open(path));
            streams.add(open(path));
            var refused = edge.get(path, "Accept", "text/event-stream");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(TestEdge.text(refused)).contains("origin-busy", "origin.max_streams");
            assertThat(edge.get(INDEX).statusCode()).isEqualTo(200);
        } finally {
            end.countDown();
            for (Socket socket : streams) {
                socket.close();
            }
        }
    }

    @Test
    void aStreamIsNotHiddenBehindABody() throws Exception {
        origin.on(UNEXPECTED, this::stream);
        try {
            String answer =
                    edge.talk(
                            TestEdge.head(
                                            "GET " + UNEXPECTED + " HTTP/1.1",
                                            "Host: e",
                                            "Connection: close",
                                            "Content-Length: 1")
                                    + "x");

            assertThat(answer).startsWith("HTTP/1.1 400").contains("GET without a body");
        } finally {
            end.countDown();
        }
    }

    @Test
    void aStreamThatIsLeftMakesRoom() throws Exception {
        open(EVENTS).close();
        open(EVENTS).close();
        TestEdge.await(
                "room for a stream",
                () -> {
                    try (Socket socket =
                            edge.raw(TestEdge.head("GET " + EVENTS + " HTTP/1.1", "Host: e"))) {
                        byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
                        return new String(status, StandardCharsets.US_ASCII).endsWith("200");
                    } catch (IOException failed) {
                        throw new AssertionError(failed);
                    }
                });
    }

    @Test
    void theOriginKnowsTheStreamOfTheEdgeByTheToken() {
        edge.awaitMetric("modunest_edge_stream_connected", 1);
        assertThat(origin.events().authorizations()).contains("Bearer shared");
    }
}
