package dev.modunest.edge;

import static dev.modunest.edge.FrameSocket.ACK;
import static dev.modunest.edge.FrameSocket.CONTINUATION;
import static dev.modunest.edge.FrameSocket.DATA;
import static dev.modunest.edge.FrameSocket.END_HEADERS;
import static dev.modunest.edge.FrameSocket.END_STREAM;
import static dev.modunest.edge.FrameSocket.GOAWAY;
import static dev.modunest.edge.FrameSocket.HEADERS;
import static dev.modunest.edge.FrameSocket.PADDED;
import static dev.modunest.edge.FrameSocket.PING;
import static dev.modunest.edge.FrameSocket.PRIORITY;
import static dev.modunest.edge.FrameSocket.PUSH_PROMISE;
import static dev.modunest.edge.FrameSocket.RST_STREAM;
import static dev.modunest.edge.FrameSocket.SETTINGS;
import static dev.modunest.edge.FrameSocket.WINDOW_UPDATE;
import static dev.modunest.edge.FrameSocket.WITH_PRIORITY;
import static dev.modunest.edge.FrameSocket.block;
import static dev.modunest.edge.FrameSocket.hex;
import static dev.modunest.edge.FrameSocket.join;
import static dev.modunest.edge.FrameSocket.setting;
import static dev.modunest.edge.FrameSocket.word;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.edge.FrameSocket.Frame;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Frames right and wrong, after the cases of h2spec, by the sections of RFC 9113 and RFC 7541. A
 * wrong stream may also end the connection (RFC 9113 5.4.2), and a connection may also just close.
 */
final class Http2FramesIT {

    private static final int NO_ERROR = 0;
    private static final int PROTOCOL = 1;
    private static final int FLOW_CONTROL = 3;
    private static final int STREAM_CLOSED = 5;
    private static final int FRAME_SIZE = 6;
    private static final int REFUSED = 7;
    private static final int COMPRESSION = 9;

    private static final int WHOLE = END_HEADERS | END_STREAM;
    private static final byte[] EIGHT = new byte[8];
    private static final byte[] GET = request("GET", "/health/live");
    private static final byte[] POST = request("POST", "/echo");

    private static final CountDownLatch SLOW = new CountDownLatch(1);

    @TempDir static Path directory;
    private static FakeOrigin origin;
    private static TestEdge edge;

    interface Act {
        void on(FrameSocket client) throws IOException;
    }

    interface Expectation {
        void of(FrameSocket client) throws IOException;
    }

    record Case(String section, String claim, Act act, Expectation expected) {
        @Override
        public String toString() {
            return section + " " + claim;
        }
    }

    @BeforeAll
    static void start() {
        origin = new FakeOrigin();
        origin.on("/echo", x -> FakeOrigin.send(x, 200, x.getRequestBody().readAllBytes()));
        origin.on("/slow", x -> SLOW.await());
        edge = new TestEdge(origin.uri(), directory);
    }

    @AfterAll
    static void stop() {
        SLOW.countDown();
        edge.close();
        origin.close();
    }

    private static byte[] request(String method, String path, String... more) {
        return join(
                block(":method", method, ":scheme", "http", ":path", path, ":authority", "e"),
                block(more));
    }

    private static Act sends(int type, int flags, int stream, byte... payload) {
        return client -> client.frame(type, flags, stream, payload);
    }

    private static Act then(Act... acts) {
        return client -> {
            for (Act act : acts) {
                act.on(client);
            }
        };
    }

    private static Act headers(int stream, byte[]... parts) {
        return sends(HEADERS, WHOLE, stream, join(parts));
    }

    private static Act open(int stream) {
        return sends(HEADERS, END_HEADERS, stream, POST);
    }

    /** Waits until the response of {@code stream} is there. */
    private static Act answered(int stream) {
        return client -> ended(client, stream);
    }

    private static Expectation goesAway(Integer... codes) {
        return client -> {
            Frame last = first(client, GOAWAY, -1);
            if (last.type() == GOAWAY) {
                assertThat(last.code()).isIn((Object[]) codes);
                first(client, -1);
            }
        };
    }

    private static Expectation refuses(int stream, Integer... codes) {
        return client -> {
            Frame last = first(client, RST_STREAM, GOAWAY, -1);
            if (last.type() == RST_STREAM) {
                assertThat(last.stream()).isEqualTo(stream);
            }
            if (last.type() != -1) {
                assertThat(last.code()).isIn((Object[]) codes);
            }
        };
    }

    private static Expectation answers(int stream) {
        return client -> ended(client, stream);
    }

    /** The connection goes on as if nothing had been. */
    private static Expectation goesOn() {
        return client -> {
            client.frame(PING, 0, 0, EIGHT);
            assertThat(first(client, PING, GOAWAY, RST_STREAM, -1).type()).isEqualTo(PING);
        };
    }

    private static Frame first(FrameSocket client, Integer... types) throws IOException {
        List<Integer> wanted = List.of(types);
        Frame frame = client.read();
        while (!wanted.contains(frame.type())) {
            assertThat(frame.type()).as("awaiting %s", wanted).isNotEqualTo(-1);
            frame = client.read();
        }
        return frame;
    }

    private static List<Frame> ended(FrameSocket client, int stream) throws IOException {
        List<Frame> frames = new ArrayList<>();
        Frame frame = client.read();
        while (!(frame.stream() == stream && frame.ends())) {
            assertThat(frame.type()).as("%s", frame).isNotIn(-1, GOAWAY);
            assertThat(frame.type() == RST_STREAM && frame.stream() == stream)
                    .as("%s", frame)
                    .isFalse();
            frames.add(frame);
            frame = client.read();
        }
        frames.add(frame);
        return frames;
    }

    static List<Case> exchanges() {
        return List.of(
                new Case(
                        "3.4",
                        "a request after the preface is answered",
                        headers(1, GET),
                        answers(1)),
                new Case("4.1", "an unknown frame is ignored", sends(0x16, 0, 0, EIGHT), goesOn()),
                new Case(
                        "4.1", "an unknown flag is ignored", sends(PING, 0x16, 0, EIGHT), goesOn()),
                new Case(
                        "4.1",
                        "the reserved bit is ignored",
                        sends(PING, 0, 1 << 31, EIGHT),
                        goesOn()),
                new Case(
                        "4.2",
                        "DATA of 16,384 bytes is read",
                        then(open(1), sends(DATA, END_STREAM, 1, new byte[16_384])),
                        answers(1)),
                new Case(
                        "5.1",
                        "WINDOW_UPDATE on a half-closed stream is read",
                        then(headers(1, GET), sends(WINDOW_UPDATE, 0, 1, word(100))),
                        answers(1)),
                new Case(
                        "5.1",
                        "PRIORITY on an idle stream is ignored",
                        then(sends(PRIORITY, 0, 1, hex("00000000 ff")), headers(1, GET)),
                        answers(1)),
                new Case(
                        "5.1",
                        "PRIORITY on a closed stream is ignored",
                        then(
                                headers(1, GET),
                                answered(1),
                                sends(PRIORITY, 0, 1, hex("00000000 ff"))),
                        goesOn()),
                new Case(
                        "5.1",
                        "RST_STREAM on a half-closed stream is read",
                        then(headers(1, GET), sends(RST_STREAM, 0, 1, word(8)), headers(3, GET)),
                        answers(3)),
                new Case(
                        "5.3",
                        "HEADERS with a priority are read",
                        sends(HEADERS, WHOLE | WITH_PRIORITY, 1, join(hex("00000000 ff"), GET)),
                        answers(1)),
                new Case(
                        "5.5",
                        "an unknown frame on a stream is ignored",
                        then(
                                sends(0x16, 0, 0, EIGHT),
                                open(1),
                                sends(0x17, 0, 1, EIGHT),
                                sends(DATA, END_STREAM, 1)),
                        answers(1)),
                new Case(
                        "6.1",
                        "padded DATA is read",
                        then(
                                open(1),
                                sends(
                                        DATA,
                                        END_STREAM | PADDED,
                                        1,
                                        join(hex("03"), hex("6869"), new byte[3]))),
                        answers(1)),
                new Case(
                        "6.2",
                        "padded HEADERS are read",
                        sends(HEADERS, WHOLE | PADDED, 1, join(hex("03"), GET, new byte[3])),
                        answers(1)),
                new Case(
                        "6.5",
                        "SETTINGS are acknowledged",
                        sends(SETTINGS, 0, 0),
                        client ->
                                assertThat(first(client, SETTINGS, -1))
                                        .satisfies(f -> assertThat(f.type()).isEqualTo(SETTINGS))),
                new Case(
                        "6.5.2",
                        "an unknown setting is ignored",
                        sends(SETTINGS, 0, 0, setting(0xff, 1)),
                        goesOn()),
                new Case(
                        "6.5.3",
                        "of a setting given twice the last counts",
                        then(
                                sends(SETTINGS, 0, 0, join(setting(4, 100), setting(4, 1))),
                                headers(1, GET)),
                        client -> assertThat(first(client, DATA, -1).payload()).hasSize(1)),
                new Case(
                        "6.7",
                        "PING is answered with its payload",
                        sends(PING, 0, 0, hex("0102030405060708")),
                        client ->
                                assertThat(first(client, PING, -1))
                                        .satisfies(
                                                f -> {
                                                    assertThat(f.flags()).isEqualTo(ACK);
                                                    assertThat(f.payload())
                                                            .isEqualTo(hex("0102030405060708"));
                                                })),
                new Case(
                        "6.7",
                        "an acknowledged PING is not answered",
                        then(
                                sends(PING, ACK, 0, hex("ffffffffffffffff")),
                                sends(PING, 0, 0, EIGHT)),
                        client -> assertThat(first(client, PING, -1).payload()).isEqualTo(EIGHT)),
                new Case(
                        "6.8",
                        "GOAWAY lets running requests end",
                        then(open(1), sends(GOAWAY, 0, 0, EIGHT), sends(DATA, END_STREAM, 1)),
                        answers(1)),
                new Case(
                        "6.9.1",
                        "no more is sent than the window of the stream",
                        then(sends(SETTINGS, 0, 0, setting(4, 1)), headers(1, GET)),
                        client -> assertThat(first(client, DATA, -1).payload()).hasSize(1)),
                new Case(
                        "6.9.2",
                        "a changed window holds for open streams",
                        then(
                                sends(SETTINGS, 0, 0, setting(4, 0)),
                                headers(1, GET),
                                sends(SETTINGS, 0, 0, setting(4, 1))),
                        client -> assertThat(first(client, DATA, -1).payload()).hasSize(1)),
                new Case(
                        "6.9.2",
                        "a window below zero is counted up",
                        then(
                                sends(SETTINGS, 0, 0, setting(4, 3)),
                                headers(1, GET),
                                client -> assertThat(first(client, DATA, -1).payload()).hasSize(3),
                                sends(SETTINGS, 0, 0, setting(4, 2)),
                                sends(WINDOW_UPDATE, 0, 1, word(2))),
                        client -> assertThat(first(client, DATA, -1).payload()).hasSize(1)),
                new Case(
                        "6.10",
                        "CONTINUATION frames are read",
                        then(
                                sends(HEADERS, END_STREAM, 1, GET),
                                sends(CONTINUATION, 0, 1, block("a", "b")),
                                sends(CONTINUATION, END_HEADERS, 1, block("c", "d"))),
                        answers(1)),
                new Case(
                        "7",
                        "GOAWAY with an unknown code is read",
                        sends(GOAWAY, 0, 0, hex("00000000 000000ff")),
                        goesOn()),
                new Case(
                        "7",
                        "RST_STREAM with an unknown code is read",
                        then(open(1), sends(RST_STREAM, 0, 1, word(0xff))),
                        goesOn()),
                new Case(
                        "8.1",
                        "HEAD is answered without DATA",
                        headers(1, request("HEAD", "/health/live")),
                        client ->
                                assertThat(ended(client, 1))
                                        .allMatch(
                                                f -> f.type() != DATA || f.payload().length == 0)),
                new Case(
                        "8.1",
                        "a body is read",
                        then(open(1), sends(DATA, END_STREAM, 1, EIGHT)),
                        answers(1)),
                new Case(
                        "8.1",
                        "trailers are read",
                        then(
                                open(1),
                                sends(DATA, 0, 1, EIGHT),
                                sends(HEADERS, WHOLE, 1, block("x-trailer", "y"))),
                        answers(1)),
                new Case(
                        "8.2.2",
                        "TE may be trailers",
                        headers(1, GET, block("te", "trailers")),
                        answers(1)),
                new Case(
                        "8.3.1",
                        "Host stands in for :authority",
                        headers(
                                1,
                                block(
                                        ":method",
                                        "GET",
                                        ":scheme",
                                        "http",
                                        ":path",
                                        "/health/live",
                                        "host",
                                        "e")),
                        answers(1)),
                new Case(
                        "7541 2.3",
                        "static and dynamic entries are read",
                        then(
                                headers(
                                        1,
                                        hex("82 86 41 01 65 44 0c"),
                                        "/health/live".getBytes(StandardCharsets.US_ASCII)),
                                headers(3, hex("82 86 be bf"))),
                        answers(3)),
                new Case(
                        "7541 6.2.3",
                        "a field that is never indexed is read",
                        headers(1, GET, hex("10 01 61 01 62")),
                        answers(1)),
                new Case(
                        "7541 6.3",
                        "a smaller table is taken",
                        headers(1, hex("20 3f e1 1f"), GET),
                        answers(1)),
                new Case(
                        "7541 5.2",
                        "Huffman code is read",
                        headers(
                                1,
                                hex("82 86 41 8c f1e3c2e5f23a6ba0ab90f4ff"),
                                block(":path", "/health/live")),
                        answers(1)));
    }

    static List<Case> connectionErrors() {
        return List.of(
                new Case(
                        "4.2",
                        "a frame is longer than 16,384 bytes",
                        then(open(1), sends(DATA, END_STREAM, 1, new byte[16_385])),
                        goesAway(FRAME_SIZE)),
                new Case(
                        "4.2",
                        "HEADERS are longer than 16,384 bytes",
                        headers(1, GET, new byte[16_385]),
                        goesAway(FRAME_SIZE)),
                new Case(
                        "4.3",
                        "a header block cannot be read",
                        headers(1, hex("40")),
                        goesAway(COMPRESSION)),
                new Case(
                        "4.3",
                        "PRIORITY stands in a header block",
                        then(
                                sends(HEADERS, END_STREAM, 1, GET),
                                sends(PRIORITY, 0, 1, hex("00000000 ff"))),
                        goesAway(PROTOCOL)),
                new Case(
                        "4.3",
                        "HEADERS of another stream stand in a header block",
                        then(sends(HEADERS, END_STREAM, 1, GET), headers(3, GET)),
                        goesAway(PROTOCOL)),
                new Case(
                        "5.1",
                        "DATA on an idle stream",
                        sends(DATA, END_STREAM, 1, EIGHT),
                        goesAway(PROTOCOL)),
                new Case(
                        "5.1",
                        "RST_STREAM on an idle stream",
                        sends(RST_STREAM, 0, 1, word(8)),
                        goesAway(PROTOCOL)),
                new Case(
                        "5.1",
                        "WINDOW_UPDATE on an idle stream",
                        sends(WINDOW_UPDATE, 0, 1, word(8)),
                        goesAway(PROTOCOL)),
                new Case(
                        "5.1",
                        "CONTINUATION on an idle stream",
                        sends(CONTINUATION, END_HEADERS, 1, GET),
                        goesAway(PROTOCOL)),
                new Case(
                        "5.1",
                        "CONTINUATION on a half-closed stream",
                        then(headers(1, GET), sends(CONTINUATION, END_HEADERS, 1, GET)),
                        goesAway(PROTOCOL, STREAM_CLOSED)),
                new Case(
                        "5.1",
                        "CONTINUATION on a closed stream",
                        then(
                                headers(1, GET),
                                answered(1),
                                sends(CONTINUATION, END_HEADERS, 1, GET)),
                        goesAway(PROTOCOL, STREAM_CLOSED)),
                new Case(
                        "5.1",
                        "HEADERS on a closed stream",
                        then(headers(1, GET), answered(1), headers(1, GET)),
                        goesAway(PROTOCOL, STREAM_CLOSED)),
                new Case(
                        "5.1.1",
                        "the stream of a client is even",
                        headers(2, GET),
                        goesAway(PROTOCOL)),
                new Case(
                        "5.1.1",
                        "a stream is older than the last one",
                        then(headers(5, GET), answered(5), headers(3, GET)),
                        goesAway(PROTOCOL, STREAM_CLOSED)),
                new Case(
                        "5.5",
                        "an unknown frame stands in a header block",
                        then(sends(HEADERS, END_STREAM, 1, GET), sends(0x16, 0, 0, EIGHT)),
                        goesAway(PROTOCOL)),
                new Case(
                        "6.1",
                        "DATA without a stream",
                        sends(DATA, 0, 0, EIGHT),
                        goesAway(PROTOCOL)),
                new Case(
                        "6.1",
                        "the padding of DATA is longer than the frame",
                        then(
                                open(1),
                                sends(DATA, END_STREAM | PADDED, 1, hex("06 00 00 00 00 00"))),
                        goesAway(PROTOCOL)),
                new Case("6.2", "HEADERS without a stream", headers(0, GET), goesAway(PROTOCOL)),
                new Case(
                        "6.2",
                        "the padding of HEADERS is longer than the frame",
                        sends(HEADERS, WHOLE | PADDED, 1, join(hex("ff"), GET)),
                        goesAway(PROTOCOL)),
                new Case(
                        "6.3",
                        "PRIORITY without a stream",
                        sends(PRIORITY, 0, 0, hex("00000000 ff")),
                        goesAway(PROTOCOL)),
                new Case(
                        "6.4",
                        "RST_STREAM without a stream",
                        sends(RST_STREAM, 0, 0, word(8)),
                        goesAway(PROTOCOL)),
                new Case(
                        "6.4",
                        "RST_STREAM of 3 bytes",
                        then(open(1), sends(RST_STREAM, 0, 1, new byte[3])),
                        goesAway(FRAME_SIZE)),
                new Case(
                        "6.5",
                        "acknowledged SETTINGS have a payload",
                        sends(SETTINGS, ACK, 0, new byte[6]),
                        goesAway(FRAME_SIZE)),
                new Case(
                        "6.5",
                        "SETTINGS of a stream",
                        sends(SETTINGS, 0, 1, new byte[6]),
                        goesAway(PROTOCOL)),
                new Case(
                        "6.5",
                        "SETTINGS of 3 bytes",
                        sends(SETTINGS, 0, 0, new byte[3]),
                        goesAway(FRAME_SIZE)),
                new Case(
                        "6.5.2",
                        "ENABLE_PUSH is 2",
                        sends(SETTINGS, 0, 0, setting(2, 2)),
                        goesAway(PROTOCOL)),
                new Case(
                        "6.5.2",
                        "INITIAL_WINDOW_SIZE is 2^31",
                        sends(SETTINGS, 0, 0, setting(4, 1L << 31)),
                        goesAway(FLOW_CONTROL)),
                new Case(
                        "6.5.2",
                        "MAX_FRAME_SIZE is 16,383",
                        sends(SETTINGS, 0, 0, setting(5, 16_383)),
                        goesAway(PROTOCOL)),
                new Case(
                        "6.5.2",
                        "MAX_FRAME_SIZE is 2^24",
                        sends(SETTINGS, 0, 0, setting(5, 1 << 24)),
                        goesAway(PROTOCOL)),
                new Case(
                        "6.6",
                        "a client pushes",
                        then(open(1), sends(PUSH_PROMISE, END_HEADERS, 1, join(word(2), GET))),
                        goesAway(PROTOCOL)),
                new Case("6.7", "PING of a stream", sends(PING, 0, 1, EIGHT), goesAway(PROTOCOL)),
                new Case(
                        "6.7",
                        "PING of 6 bytes",
                        sends(PING, 0, 0, new byte[6]),
                        goesAway(FRAME_SIZE)),
                new Case(
                        "6.8",
                        "GOAWAY of a stream",
                        sends(GOAWAY, 0, 1, EIGHT),
                        goesAway(PROTOCOL)),
                new Case(
                        "6.9",
                        "WINDOW_UPDATE by nothing",
                        sends(WINDOW_UPDATE, 0, 0, word(0)),
                        goesAway(PROTOCOL)),
                new Case(
                        "6.9",
                        "WINDOW_UPDATE of 3 bytes",
                        sends(WINDOW_UPDATE, 0, 0, new byte[3]),
                        goesAway(FRAME_SIZE)),
                new Case(
                        "6.9.1",
                        "the window of the connection overflows",
                        then(
                                sends(WINDOW_UPDATE, 0, 0, word(Integer.MAX_VALUE)),
                                sends(WINDOW_UPDATE, 0, 0, word(Integer.MAX_VALUE))),
                        goesAway(FLOW_CONTROL)),
                new Case(
                        "6.10",
                        "another frame stands between CONTINUATIONs",
                        then(
                                sends(HEADERS, END_STREAM, 1, GET),
                                sends(CONTINUATION, 0, 1, block("a", "b")),
                                sends(DATA, END_STREAM, 1, EIGHT)),
                        goesAway(PROTOCOL)),
                new Case(
                        "6.10",
                        "CONTINUATION without a stream",
                        then(
                                sends(HEADERS, END_STREAM, 1, GET),
                                sends(CONTINUATION, END_HEADERS, 0, block("a", "b"))),
                        goesAway(PROTOCOL)),
                new Case(
                        "6.10",
                        "CONTINUATION after the end of a header block",
                        then(open(1), sends(CONTINUATION, END_HEADERS, 1, block("a", "b"))),
                        goesAway(PROTOCOL)),
                new Case(
                        "6.10",
                        "CONTINUATION after the last one",
                        then(
                                sends(HEADERS, 0, 1, POST),
                                sends(CONTINUATION, END_HEADERS, 1, block("a", "b")),
                                sends(CONTINUATION, END_HEADERS, 1, block("a", "b"))),
                        goesAway(PROTOCOL)),
                new Case(
                        "6.10",
                        "CONTINUATION after DATA",
                        then(
                                open(1),
                                sends(DATA, 0, 1, EIGHT),
                                sends(CONTINUATION, END_HEADERS, 1, block("a", "b"))),
                        goesAway(PROTOCOL)),
                new Case(
                        "7541 2.3.3",
                        "an index is not in the tables",
                        headers(1, GET, hex("ff 00")),
                        goesAway(COMPRESSION)),
                new Case(
                        "7541 4.2",
                        "a table grows at the end of a block",
                        headers(1, GET, hex("20")),
                        goesAway(COMPRESSION)),
                new Case(
                        "7541 5.2",
                        "the padding of Huffman code is longer than 7 bits",
                        headers(1, GET, hex("00 85 f2 b2 4a 84 ff 84 49 50 9f ff")),
                        goesAway(COMPRESSION)),
                new Case(
                        "7541 5.2",
                        "the padding of Huffman code is not ones",
                        headers(1, GET, hex("00 85 f2 b2 4a 84 ff 83 49 50 90")),
                        goesAway(COMPRESSION)),
                new Case(
                        "7541 5.2",
                        "Huffman code has its end",
                        headers(1, GET, hex("00 85 f2 b2 4a 84 ff 87 49 51 ff ff ff fa 7f")),
                        goesAway(COMPRESSION)),
                new Case(
                        "7541 6.1",
                        "an index is zero",
                        headers(1, GET, hex("80")),
                        goesAway(COMPRESSION)),
                new Case(
                        "7541 6.3",
                        "a table is larger than allowed",
                        headers(1, hex("3f e2 1f"), GET),
                        goesAway(COMPRESSION)),
                new Case(
                        "7541 5.1",
                        "an integer overflows",
                        headers(1, GET, hex("7f ff ff ff ff ff ff ff ff 7f")),
                        goesAway(COMPRESSION)));
    }

    static List<Case> streamErrors() {
        return List.of(
                new Case(
                        "6.9.2",
                        "a new initial window overflows that of a stream",
                        then(
                                open(1),
                                sends(WINDOW_UPDATE, 0, 1, word(Integer.MAX_VALUE - 65_535)),
                                sends(SETTINGS, 0, 0, setting(4, 65_536))),
                        refuses(1, FLOW_CONTROL)),
                new Case(
                        "5.1",
                        "DATA on a half-closed stream",
                        then(
                                headers(1, request("GET", "/slow")),
                                sends(DATA, END_STREAM, 1, EIGHT)),
                        refuses(1, STREAM_CLOSED)),
                new Case(
                        "5.1",
                        "HEADERS on a half-closed stream",
                        then(headers(1, request("GET", "/slow")), headers(1, GET)),
                        refuses(1, STREAM_CLOSED, PROTOCOL)),
                new Case(
                        "5.1",
                        "DATA after RST_STREAM",
                        then(
                                open(1),
                                sends(RST_STREAM, 0, 1, word(8)),
                                sends(DATA, END_STREAM, 1, EIGHT)),
                        refuses(1, STREAM_CLOSED)),
                new Case(
                        "5.1",
                        "HEADERS after RST_STREAM",
                        then(open(1), sends(RST_STREAM, 0, 1, word(8)), headers(1, GET)),
                        refuses(1, STREAM_CLOSED, PROTOCOL)),
                new Case(
                        "5.1",
                        "DATA on a closed stream",
                        then(headers(1, GET), answered(1), sends(DATA, END_STREAM, 1, EIGHT)),
                        refuses(1, STREAM_CLOSED)),
                new Case(
                        "5.1.2",
                        "more streams than allowed",
                        client -> {
                            for (int i = 0; i < 129; i++) {
                                open(i * 2 + 1).on(client);
                            }
                        },
                        refuses(257, REFUSED, PROTOCOL)),
                new Case(
                        "6.3",
                        "PRIORITY of 4 bytes",
                        then(open(1), sends(PRIORITY, 0, 1, new byte[4])),
                        refuses(1, FRAME_SIZE)),
                new Case(
                        "6.9",
                        "WINDOW_UPDATE of a stream by nothing",
                        then(open(1), sends(WINDOW_UPDATE, 0, 1, word(0))),
                        refuses(1, PROTOCOL)),
                new Case(
                        "6.9.1",
                        "the window of a stream overflows",
                        then(
                                open(1),
                                sends(WINDOW_UPDATE, 0, 1, word(Integer.MAX_VALUE)),
                                sends(WINDOW_UPDATE, 0, 1, word(Integer.MAX_VALUE))),
                        refuses(1, FLOW_CONTROL)),
                new Case(
                        "8.1",
                        "second HEADERS do not end the stream",
                        then(
                                open(1),
                                sends(DATA, 0, 1, EIGHT),
                                sends(HEADERS, END_HEADERS, 1, block("a", "b"))),
                        refuses(1, PROTOCOL)),
                malformed("8.2.1", "a name has a capital", GET, block("X-Test", "a")),
                malformed("8.2.1", "a name has a space", GET, block("x test", "a")),
                malformed("8.2.1", "a name has a colon", GET, block("x:test", "a")),
                malformed("8.2.1", "a name is empty", GET, block("", "a")),
                malformed("8.2.1", "a value has a line feed", GET, block("x-test", "a\nb")),
                malformed("8.2.1", "a value has a NUL", GET, block("x-test", "a\0b")),
                malformed("8.2.1", "a value begins with a space", GET, block("x-test", " a")),
                malformed("8.2.2", "Connection is sent", GET, block("connection", "keep-alive")),
                malformed(
                        "8.2.2",
                        "Transfer-Encoding is sent",
                        GET,
                        block("transfer-encoding", "chunked")),
                malformed("8.2.2", "Upgrade is sent", GET, block("upgrade", "h2c")),
                malformed("8.2.2", "Keep-Alive is sent", GET, block("keep-alive", "x")),
                malformed("8.2.2", "Proxy-Connection is sent", GET, block("proxy-connection", "x")),
                malformed("8.2.2", "TE is not trailers", GET, block("te", "trailers, deflate")),
                malformed("8.3", "a pseudo-header is unknown", GET, block(":test", "a")),
                malformed(
                        "8.3", "a pseudo-header is one of responses", GET, block(":status", "200")),
                malformed(
                        "8.3",
                        "a pseudo-header stands behind a field",
                        block(
                                ":method",
                                "GET",
                                "x-test",
                                "a",
                                ":scheme",
                                "http",
                                ":path",
                                "/health/live",
                                ":authority",
                                "e")),
                new Case(
                        "8.3",
                        "a pseudo-header stands in trailers",
                        then(open(1), sends(HEADERS, WHOLE, 1, block(":method", "POST"))),
                        refuses(1, PROTOCOL)),
                malformed("8.3.1", ":path is empty", request("GET", "")),
                malformed(
                        "8.3.1",
                        ":method is missing",
                        block(":scheme", "http", ":path", "/health/live", ":authority", "e")),
                malformed(
                        "8.3.1",
                        ":scheme is missing",
                        block(":method", "GET", ":path", "/health/live", ":authority", "e")),
                malformed(
                        "8.3.1",
                        ":path is missing",
                        block(":method", "GET", ":scheme", "http", ":authority", "e")),
                malformed("8.3.1", ":method is there twice", GET, block(":method", "GET")),
                malformed("8.3.1", ":scheme is there twice", GET, block(":scheme", "http")),
                malformed("8.3.1", ":path is there twice", GET, block(":path", "/")),
                malformed("8.3.1", ":authority is there twice", GET, block(":authority", "f")),
                malformed("8.3.1", "Host is not :authority", GET, block("host", "other")),
                malformed(
                        "8.3.1",
                        ":authority has user information",
                        block(
                                ":method",
                                "GET",
                                ":scheme",
                                "http",
                                ":path",
                                "/health/live",
                                ":authority",
                                "u@e")),
                malformed(
                        "8.3.1",
                        "there is neither :authority nor Host",
                        block(":method", "GET", ":scheme", "http", ":path", "/health/live")),
                malformed(
                        "8.1.1",
                        "Content-Length is there twice, differing",
                        GET,
                        block("content-length", "1", "content-length", "2")),
                new Case(
                        "8.1.1",
                        "Content-Length is more than comes",
                        then(
                                sends(
                                        HEADERS,
                                        END_HEADERS,
                                        1,
                                        join(POST, block("content-length", "9"))),
                                sends(DATA, END_STREAM, 1, EIGHT)),
                        refuses(1, PROTOCOL)),
                new Case(
                        "8.1.1",
                        "Content-Length is less than comes",
                        then(
                                sends(
                                        HEADERS,
                                        END_HEADERS,
                                        1,
                                        join(POST, block("content-length", "9"))),
                                sends(DATA, 0, 1, EIGHT),
                                sends(DATA, END_STREAM, 1, EIGHT)),
                        refuses(1, PROTOCOL)),
                new Case(
                        "8.1.1",
                        "Content-Length has no body",
                        headers(1, POST, block("content-length", "9")),
                        refuses(1, PROTOCOL)));
    }

    private static Case malformed(String section, String claim, byte[]... parts) {
        return new Case(section, claim, headers(1, parts), refuses(1, PROTOCOL));
    }

    @ParameterizedTest
    @MethodSource({"exchanges", "connectionErrors", "streamErrors"})
    void frames(Case frames) throws IOException {
        try (FrameSocket client = new FrameSocket(edge.server().port()).begin()) {
            client.frame(SETTINGS, ACK, 0);
            frames.act().on(client);
            frames.expected().of(client);
        }
    }

    @ParameterizedTest
    @MethodSource("prefaces")
    void connectionBeginsWithPrefaceAndSettings(Act preface) throws IOException {
        try (FrameSocket client = new FrameSocket(edge.server().port())) {
            preface.on(client);
            goesAway(PROTOCOL, NO_ERROR).of(client);
        }
    }

    static List<Act> prefaces() {
        String text = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return List.of(
                client -> client.raw(bytes).frame(PING, 0, 0, EIGHT),
                client -> client.raw(bytes).frame(SETTINGS, ACK, 0),
                client -> client.raw(bytes).raw(text.getBytes(StandardCharsets.US_ASCII)));
    }
}
