package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Clients that hold connections without using them, slowly or in numbers. */
final class ConnectionBoundsIT {

    private static final String ASK = TestEdge.head("GET /health/live HTTP/1.1", "Host: e");

    @TempDir static Path directory;
    private static FakeOrigin origin;
    private static TestEdge edge;
    private static String big;

    @BeforeAll
    static void start() {
        origin = new FakeOrigin();
        origin.on("/echo", x -> FakeOrigin.send(x, 200, x.getRequestBody().readAllBytes()));
        big = FakeOrigin.path(origin.artifact(TestEdge.bytes(32 << 20, 1)));
        edge =
                new TestEdge(
                        origin.uri(),
                        directory,
                        "LISTEN_IDLE_TIMEOUT",
                        "3s",
                        "LISTEN_HEADER_TIMEOUT",
                        "500ms",
                        "LISTEN_BODY_TIMEOUT",
                        "500ms",
                        "LISTEN_WRITE_TIMEOUT",
                        "500ms",
                        "LISTEN_MAX_REQUESTS_PER_CONNECTION",
                        "3");
        edge.get(big);
        edge.awaitMetric(EdgeIT.FILLED, 1);
    }

    @AfterAll
    static void stop() {
        edge.close();
        origin.close();
    }

    private static void awaitEnded(TestEdge of, String reason) {
        of.awaitMetric("modunest_edge_connections_ended_total{reason=\"" + reason + "\",}", 1);
    }

    @Test
    void headThatDoesNotEndIsAnswered408() throws IOException {
        assertThat(edge.talk("GET / HTTP/1.1\r\nHost: e\r\nX:"))
                .startsWith("HTTP/1.1 408 ")
                .contains("connection: close");
        assertThat(edge.talk(ASK + "GET ")).contains("HTTP/1.1 200 ", "HTTP/1.1 408 ");
        awaitEnded(edge, "header-timeout");
    }

    @Test
    void headersOfHttp2ThatDoNotEndAreRefused() throws IOException {
        try (FrameSocket client = new FrameSocket(edge.server().port()).begin()) {
            client.frame(FrameSocket.HEADERS, 0, 1, FrameSocket.block(":method", "GET"));
            assertThat(lastOf(client).type()).isEqualTo(FrameSocket.GOAWAY);
        }
    }

    private static FrameSocket.Frame lastOf(FrameSocket client) throws IOException {
        FrameSocket.Frame last = client.read();
        FrameSocket.Frame next = last;
        while (next.type() != -1) {
            last = next;
            next = client.read();
        }
        return last;
    }

    @Test
    void bodyThatStopsIsAnswered408() throws IOException {
        assertThat(edge.talk("POST /echo HTTP/1.1\r\nHost: e\r\nContent-Length: 9\r\n\r\nhalf"))
                .startsWith("HTTP/1.1 408 ");
        awaitEnded(edge, "body-timeout");
    }

    @Test
    void bodyOfHttp2ThatStopsIsRefused() throws IOException {
        try (FrameSocket client = new FrameSocket(edge.server().port()).begin()) {
            client.frame(
                    FrameSocket.HEADERS,
                    FrameSocket.END_HEADERS,
                    1,
                    FrameSocket.block(
                            ":method",
                            "POST",
                            ":scheme",
                            "http",
                            ":path",
                            "/echo",
                            ":authority",
                            "e"));
            assertThat(lastOf(client).type()).isEqualTo(FrameSocket.GOAWAY);
        }
    }

    @Test
    void clientThatTakesNothingIsCutOff() throws IOException {
        try (Socket client = new Socket()) {
            client.setReceiveBufferSize(4096);
            client.connect(
                    new java.net.InetSocketAddress(
                            InetAddress.getLoopbackAddress(), edge.server().port()));
            client.getOutputStream()
                    .write(
                            TestEdge.head("GET " + big + " HTTP/1.1", "Host: e")
                                    .getBytes(StandardCharsets.US_ASCII));
            awaitEnded(edge, "write-timeout");
        }
    }

    @Test
    void clientOfHttp2ThatGivesNoCreditIsCutOff() throws IOException {
        try (FrameSocket client = new FrameSocket(edge.server().port()).begin()) {
            client.frame(
                    FrameSocket.HEADERS,
                    FrameSocket.END_HEADERS | FrameSocket.END_STREAM,
                    1,
                    FrameSocket.block(
                            ":method", "GET", ":scheme", "http", ":path", big, ":authority", "e"));
            long bytes = 0;
            FrameSocket.Frame frame = client.read();
            while (frame.type() != -1) {
                bytes += frame.type() == FrameSocket.DATA ? frame.payload().length : 0;
                frame = client.read();
            }
            assertThat(bytes).isEqualTo(65_535);
        }
    }

    @Test
    void idleConnectionIsClosed() throws IOException {
        assertThat(edge.talk(ASK)).startsWith("HTTP/1.1 200 ");
        assertThat(edge.talk("")).isEmpty();
        awaitEnded(edge, "idle");
    }

    @Test
    void lastRequestOfAConnectionSaysSo() throws IOException {
        String talk = edge.talk(ASK + ASK + ASK + ASK);
        assertThat(talk.split("HTTP/1.1 200", -1)).hasSize(4);
        assertThat(talk).containsOnlyOnce("onnection: close");
    }

    @Test
    void connectionsAreBounded() throws IOException {
        try (TestEdge small =
                new TestEdge(
                        origin.uri(), directory.resolve("few"), "LISTEN_MAX_CONNECTIONS", "3")) {
            assertBound(small, 3, "max-connections");
        }
    }

    @Test
    void connectionsOfAnAddressAreBounded() throws IOException {
        try (TestEdge small =
                new TestEdge(
                        origin.uri(),
                        directory.resolve("each"),
                        "LISTEN_MAX_CONNECTIONS_PER_ADDRESS",
                        "3")) {
            assertBound(small, 3, "max-per-address");
        }
    }

    private static void assertBound(TestEdge small, int most, String reason) throws IOException {
        List<Socket> open = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            Socket socket = small.raw(ASK);
            open.add(socket);
            assertThat(socket.getInputStream().read()).isEqualTo('H');
        }
        for (int i = 0; i < 2 * most; i++) {
            try (Socket refused = small.raw("")) {
                assertThat(reads(refused)).isEqualTo(-1);
            }
        }
        for (Socket socket : open) {
            socket.close();
        }
        TestEdge.await("room again", () -> ended(small, reason) > 0);
    }

    /** 0 while there is no room for the question. */
    private static double ended(TestEdge of, String reason) {
        try {
            return of.metric("modunest_edge_connections_ended_total{reason=\"" + reason + "\",}");
        } catch (UncheckedIOException refused) {
            return 0;
        }
    }

    private static int reads(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read();
        } catch (java.net.SocketException reset) {
            return -1;
        }
    }

    @Test
    void floodOfFramesIsCutOff() throws IOException {
        for (int type : new int[] {FrameSocket.PING, FrameSocket.SETTINGS, FrameSocket.PRIORITY}) {
            try (FrameSocket client = new FrameSocket(edge.server().port()).begin()) {
                byte[] payload =
                        switch (type) {
                            case FrameSocket.PING -> new byte[8];
                            case FrameSocket.SETTINGS -> new byte[0];
                            default -> FrameSocket.hex("00000000 ff");
                        };
                int stream = type == FrameSocket.PRIORITY ? 1 : 0;
                for (int i = 0; i < 1100; i++) {
                    client.frame(type, 0, stream, payload);
                }
                assertThat(isCutOff(client)).isTrue();
            }
        }
        awaitEnded(edge, "frame-flood");
    }

    @Test
    void rapidResetIsCutOff() throws IOException {
        try (FrameSocket client = new FrameSocket(edge.server().port()).begin()) {
            for (int stream = 1; stream < 501; stream += 2) {
                client.frame(
                        FrameSocket.HEADERS,
                        FrameSocket.END_HEADERS | FrameSocket.END_STREAM,
                        stream,
                        FrameSocket.block(
                                ":method",
                                "GET",
                                ":scheme",
                                "http",
                                ":path",
                                "/slow",
                                ":authority",
                                "e"));
                client.frame(FrameSocket.RST_STREAM, 0, stream, FrameSocket.word(8));
            }
            assertThat(isCutOff(client)).isTrue();
        }
    }

    @Test
    void floodOfContinuationsIsCutOff() throws IOException {
        try (FrameSocket client = new FrameSocket(edge.server().port()).begin()) {
            client.frame(FrameSocket.HEADERS, 0, 1, FrameSocket.block(":method", "GET"));
            for (int i = 0; i < 20; i++) {
                client.frame(FrameSocket.CONTINUATION, 0, 1, FrameSocket.block("a", "b"));
            }
            assertThat(isCutOff(client)).isTrue();
        }
    }

    @Test
    void floodOfEmptyDataIsCutOff() throws IOException {
        try (FrameSocket client = new FrameSocket(edge.server().port()).begin()) {
            client.frame(
                    FrameSocket.HEADERS,
                    FrameSocket.END_HEADERS,
                    1,
                    FrameSocket.block(
                            ":method",
                            "POST",
                            ":scheme",
                            "http",
                            ":path",
                            "/echo",
                            ":authority",
                            "e"));
            for (int i = 0; i < 1100; i++) {
                client.frame(FrameSocket.DATA, 0, 1);
            }
            assertThat(isCutOff(client)).isTrue();
        }
    }

    @Test
    void headersOfHttp2AreBounded() throws IOException {
        try (FrameSocket client = new FrameSocket(edge.server().port()).begin()) {
            client.frame(
                    FrameSocket.HEADERS,
                    FrameSocket.END_HEADERS | FrameSocket.END_STREAM,
                    1,
                    FrameSocket.block(
                            ":method",
                            "GET",
                            ":scheme",
                            "http",
                            ":path",
                            "/health/live",
                            ":authority",
                            "e",
                            "x",
                            "y".repeat(10_000)));
            FrameSocket.Frame frame = client.read();
            while (frame.stream() != 1 && frame.type() != FrameSocket.GOAWAY) {
                frame = client.read();
            }
            assertThat(frame.type())
                    .isIn(FrameSocket.HEADERS, FrameSocket.RST_STREAM, FrameSocket.GOAWAY);
        }
    }

    /** With GOAWAY or a reset, whichever comes through. */
    private static boolean isCutOff(FrameSocket client) throws IOException {
        FrameSocket.Frame frame = client.read();
        while (frame.type() != -1 && frame.type() != FrameSocket.GOAWAY) {
            frame = client.read();
        }
        return frame.type() == -1 || frame.code() != 0;
    }
}
