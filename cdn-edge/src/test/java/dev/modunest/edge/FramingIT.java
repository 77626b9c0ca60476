package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Requests that two parsers might read differently are answered 400, and nothing after them. */
final class FramingIT {

    private static final String NEXT =
            "GET /smuggled HTTP/1.1\r\nHost: e\r\nConnection: close\r\n\r\n";

    private static final String ONE_ANSWER = "(?s)HTTP/1\\.[01] \\d(?!.*HTTP/1\\.[01] \\d).*";

    @TempDir static Path directory;
    private static FakeOrigin origin;
    private static TestEdge edge;

    @BeforeAll
    static void start() {
        origin = new FakeOrigin();
        origin.on("/smuggled", x -> FakeOrigin.send(x, 200, new byte[0]));
        origin.on("/echo", x -> FakeOrigin.send(x, 200, x.getRequestBody().readAllBytes()));
        edge = new TestEdge(origin.uri(), directory);
    }

    @AfterAll
    static void stop() {
        edge.close();
        origin.close();
    }

    static Stream<String> ambiguous() {
        return Stream.of(
                        "POST /echo HTTP/1.1|Host: e|Content-Length: 5|Transfer-Encoding: chunked||0||",
                        "POST /echo HTTP/1.1|Host: e|Transfer-Encoding: chunked|Content-Length: 5||0||",
                        "POST /echo HTTP/1.1|Host: e|Content-Length: 5|Content-Length: 6||hello!",
                        "POST /echo HTTP/1.1|Host: e|Content-Length: 5|Content-Length: 5||hello",
                        "POST /echo HTTP/1.1|Host: e|Content-Length: 5, 5||hello",
                        "POST /echo HTTP/1.1|Host: e|Content-Length: +5||hello",
                        "POST /echo HTTP/1.1|Host: e|Content-Length: -1||hello",
                        "POST /echo HTTP/1.1|Host: e|Content-Length: 0x5||hello",
                        "POST /echo HTTP/1.1|Host: e|Content-Length: 5 5||hello",
                        "POST /echo HTTP/1.1|Host: e|Content-Length: ||hello",
                        "POST /echo HTTP/1.1|Host: e|Content-Length: 99999999999999999999||hello",
                        "POST /echo HTTP/1.1|Host: e|Content-Length : 5||hello",
                        "POST /echo HTTP/1.1|Host: e|Content\0-Length: 5||hello",
                        "POST /echo HTTP/1.1|Host: e|Transfer-Encoding: xchunked||0||",
                        "POST /echo HTTP/1.1|Host: e|Transfer-Encoding: gzip, chunked||0||",
                        "POST /echo HTTP/1.1|Host: e|Transfer-Encoding: chunked, gzip||0||",
                        "POST /echo HTTP/1.1|Host: e|Transfer-Encoding: chunked, chunked||0||",
                        "POST /echo HTTP/1.1|Host: e|Transfer-Encoding: identity||hello",
                        "POST /echo HTTP/1.1|Host: e|Transfer-Encoding: \"chunked\"||0||",
                        "POST /echo HTTP/1.1|Host: e|Transfer-Encoding: chunked;a=b||0||",
                        "POST /echo HTTP/1.1|Host: e|Transfer-Encoding:\u000bchunked||0||",
                        "POST /echo HTTP/1.1|Host: e|Transfer-Encoding : chunked||0||",
                        "POST /echo HTTP/1.1|Host: e|Transfer-Encoding: ||0||",
                        "POST /echo HTTP/1.1|Host: e|Transfer-Encoding: chunked|Transfer-Encoding: x||0||",
                        "POST /echo HTTP/1.1|Host: e|Transfer-Encoding: chunked|Transfer-Encoding: chunked||0||",
                        "POST /echo HTTP/1.1|Host: e|Transfer-Encoding:| chunked||0||",
                        "POST /echo HTTP/1.0|Host: e|Transfer-Encoding: chunked||0||",
                        "GET /echo HTTP/1.1|Host: e|X: a| b||",
                        "GET /echo HTTP/1.1| Host: e||",
                        "GET /echo HTTP/1.1|Host: e|X: a\nY: b||",
                        "GET /echo HTTP/1.1|Host: e|X: a\rY: b||",
                        "GET /echo HTTP/1.1|Host: e\nX: b||",
                        "GET /echo HTTP/1.1\nHost: e||",
                        "\nGET /echo HTTP/1.1|Host: e||",
                        "GET /echo HTTP/1.1|Host: e|X: a\0b||",
                        "GET /echo HTTP/1.1|Host: e|X: a\u007fb||",
                        "GET /echo HTTP/1.1|Host: e|: a||",
                        "GET /echo HTTP/1.1|Host: e|X||",
                        "GET /echo HTTP/1.1|Host: e|X y: a||",
                        "GET /echo HTTP/1.1|Host: e|X(y): a||",
                        "GET /echo HTTP/1.1|Host: e|X\u00e9: a||",
                        "GET /echo HTTP/1.1||",
                        "GET /echo HTTP/1.1|X: y||",
                        "GET /echo HTTP/1.1|Host: e|Host: e||",
                        "GET /echo HTTP/1.1|Host: e|Host: f||",
                        "GET /echo HTTP/1.1|Host: ||",
                        "GET /echo HTTP/1.1|Host: e, f||",
                        "GET /echo HTTP/1.1|Host: e/x||",
                        "GET /echo HTTP/1.1|Host: u@e||",
                        "GET /echo HTTP/1.1|Host: e:port||",
                        "GET http://other/echo HTTP/1.1|Host: e||",
                        "GET  /echo HTTP/1.1|Host: e||",
                        "GET\t/echo HTTP/1.1|Host: e||",
                        "GET /echo  HTTP/1.1|Host: e||",
                        "GET /echo HTTP/1.1 |Host: e||",
                        "GET /echo x HTTP/1.1|Host: e||",
                        "GET /ec\tho HTTP/1.1|Host: e||",
                        "GET /ec\u00e9ho HTTP/1.1|Host: e||",
                        "GET /ec\0ho HTTP/1.1|Host: e||",
                        "GET /echo|Host: e||",
                        "GET /echo HTTP/1|Host: e||",
                        "GET /echo HTTP/1.1x|Host: e||",
                        "GET /echo http/1.1|Host: e||",
                        "GET /echo HTTPS/1.1|Host: e||",
                        "G(T /echo HTTP/1.1|Host: e||",
                        " GET /echo HTTP/1.1|Host: e||")
                .map(request -> request.replace("|", "\r\n"));
    }

    @ParameterizedTest
    @MethodSource
    void ambiguous(String request) throws IOException {
        assertThat(edge.talk(request + NEXT))
                .startsWith("HTTP/1.")
                .contains(" 400 ")
                .contains("onnection: close")
                .contains("bad-request")
                .matches(ONE_ANSWER);
        assertThat(origin.count("GET", "/smuggled")).isZero();
    }

    static Stream<String> brokenBody() {
        return Stream.of(
                        "5 |hello|0||",
                        "0x5|hello|0||",
                        "+5|hello|0||",
                        "-5|hello|0||",
                        "|hello|0||",
                        ";x|hello|0||",
                        "5;x\n=y|hello|0||",
                        "5;x\rhello|0||",
                        "5\nhello|0||",
                        "5|hello!|0||",
                        "5|hell|0||",
                        "5|hello\n0||",
                        "80000000|hello|0||",
                        "ffffffffffffffff5|hello|0||",
                        "5;" + "x".repeat(10_000) + "|hello|0||",
                        "5|hello|0|X: y\nZ: a||",
                        "5|hello|0|X||",
                        "5|hello|0|X : y||",
                        "5|hello|0|X: " + "y".repeat(10_000) + "||")
                .map(request -> request.replace("|", "\r\n"));
    }

    @ParameterizedTest
    @MethodSource
    void brokenBody(String body) throws IOException {
        String head = "POST /echo HTTP/1.1\r\nHost: e\r\nTransfer-Encoding: chunked\r\n\r\n";
        assertThat(edge.talk(head + body + NEXT)).startsWith("HTTP/1.1 400 ").matches(ONE_ANSWER);
        assertThat(origin.count("GET", "/smuggled")).isZero();
    }

    @Test
    void otherVersionsAreNotSpoken() throws IOException {
        for (String version : List.of("HTTP/2.0", "HTTP/1.2", "HTTP/0.9")) {
            assertThat(edge.talk("GET /echo " + version + "\r\nHost: e\r\n\r\n" + NEXT))
                    .contains(" 505 ")
                    .contains("version-not-supported")
                    .matches(ONE_ANSWER);
        }
    }

    @Test
    void unambiguousRequestsAreReadOneAfterTheOther() throws IOException {
        String chunked =
                """
                POST /echo HTTP/1.1
                Host: [::1]:80
                Transfer-Encoding: Chunked
                X-Empty:
                X-Latin: caf\u00e9 \tx

                5;name="value" ;other
                hello
                00A
                , edge! !!
                0
                Trailer: x

                """
                        .replace("\n", "\r\n");
        String sized = "\r\nPOST http://E/echo HTTP/1.1\r\nHost:e\r\nContent-Length: 2\r\n\r\nok";
        String upgrade =
                TestEdge.head(
                        "GET /echo HTTP/1.1",
                        "Host: e",
                        "Connection: Upgrade, HTTP2-Settings",
                        "Upgrade: h2c",
                        "HTTP2-Settings: AAMAAABkAAQAoAAA");
        String old = "GET /echo HTTP/1.0\r\n\r\n";
        assertThat(edge.talk(chunked + sized + upgrade + old))
                .contains("hello, edge! !!")
                .contains("\r\n\r\nok")
                .matches("(?s)(?:.*HTTP/1\\.[01] 200 ){4}.*");
    }

    @Test
    void headIsReadHoweverItIsCut() throws IOException {
        String text = "GET /echo?q HTTP/1.1\r\nHost: e\r\nConnection: close\r\n\r\n";
        try (var socket = edge.raw("")) {
            socket.setTcpNoDelay(true);
            for (byte letter : text.getBytes(StandardCharsets.US_ASCII)) {
                socket.getOutputStream().write(letter);
            }
            assertThat(TestEdge.latin(socket)).startsWith("HTTP/1.1 404 ");
        }
    }

    @Test
    void oneSpellingReachesTheOrigin() throws IOException {
        origin.on("/a/%2F~b?c=%C3%A9", x -> FakeOrigin.send(x, 200, new byte[0]));
        for (String target :
                List.of(
                        "/a/%2f%7eb?c=%c3%a9",
                        "/x/../a/./%2F~b?c=%C3%A9",
                        "/%61/%2F%7Eb?%63=%C3%A9",
                        "HTTP://e/a/%2F~b?c=%C3%A9",
                        "/../a/%2e/%2F~b?c=%C3%A9")) {
            assertThat(
                            edge.talk(
                                    "GET "
                                            + target
                                            + " HTTP/1.1\r\nHost: e\r\nConnection: close\r\n\r\n"))
                    .as(target)
                    .startsWith("HTTP/1.1 200 ");
        }
        assertThat(origin.count("GET", "/a/%2F~b?c=%C3%A9")).isEqualTo(5);
    }
}
