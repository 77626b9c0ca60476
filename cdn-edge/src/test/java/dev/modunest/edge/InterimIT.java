package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Interim responses of the origin (RFC 9110 15.2, RFC 8297). */
final class InterimIT {

    private static final String ANSWER =
            """
            HTTP/1.1 102 Processing

            HTTP/1.1 103 Early Hints
            Link: </style.css>; rel=preload

            HTTP/1.1 199 Odd
            Connection: a
            A: 1
            B: 2

            HTTP/1.1 200 OK
            Cache-Control: max-age=60
            Content-Length: 6

            answer""";

    @TempDir private static Path directory;
    private static ScriptedOrigin origin;
    private static TestEdge edge;

    @BeforeAll
    static void start() throws IOException {
        origin = new ScriptedOrigin(ANSWER);
        edge = new TestEdge(origin.uri(), directory, "MODE", "any_origin");
    }

    @AfterAll
    static void stop() throws IOException {
        edge.close();
        origin.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /stored HTTP/1.1",
                "OPTIONS /passed HTTP/1.1",
                "GET /range HTTP/1.1\r\nCache-Control: no-store"
            })
    void areHandedOnInTheirOrderAndNotTakenForTheAnswer(String request) throws Exception {
        String talk = edge.talk(request + "\r\nHost: e\r\nConnection: close\r\n\r\n");
        assertThat(talk).startsWith("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n");
        assertThat(talk).containsIgnoringCase("link: </style.css>; rel=preload\r\n");
        assertThat(talk).contains("HTTP/1.1 199 ").containsIgnoringCase("\r\nb: 2\r\n");
        assertThat(talk).doesNotContainIgnoringCase("\r\na: 1").doesNotContain("x-modunest");
        assertThat(talk).contains("HTTP/1.1 200 OK\r\n").endsWith("answer");
    }

    @Test
    void whatIsStoredHasNone() throws Exception {
        edge.get("/stored-once");
        assertThat(edge.talk("GET /stored-once HTTP/1.1\r\nHost: e\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("; hit")
                .doesNotContainIgnoringCase("link:");
    }

    @Test
    void clientsOfHttp10AreSentNone() throws Exception {
        assertThat(edge.talk("GET /old HTTP/1.0\r\nHost: e\r\n\r\n"))
                .startsWith("HTTP/1.0 200 OK\r\n")
                .endsWith("answer");
    }

    @Test
    void clientsOfHttp2AreSentThemAsHeadersOfTheStream() throws IOException, Http2Exception {
        try (FrameSocket client = new FrameSocket(edge.server().port())) {
            client.begin().frame(FrameSocket.SETTINGS, FrameSocket.ACK, 0);
            List<Http2Headers> heads = Http2Answers.headers(client, "/two");
            assertThat(heads)
                    .extracting(head -> head.status().toString())
                    .containsExactly("102", "103", "199", "200");
            assertThat(heads.get(1).get("link")).hasToString("</style.css>; rel=preload");
            assertThat(heads.get(2).get("b")).hasToString("2");
        }
    }
}
