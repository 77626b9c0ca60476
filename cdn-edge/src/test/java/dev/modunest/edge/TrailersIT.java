package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Trailer fields of the origin (RFC 9110 6.5). */
final class TrailersIT {

    private static final String ANSWER =
            """
            HTTP/1.1 200 OK
            Cache-Control: %s
            Transfer-Encoding: chunked

            6
            answer
            0
            Signature: abc
            Set-Cookie: a=b

            """;

    @TempDir private static Path directory;
    private static ScriptedOrigin origin;
    private static ScriptedOrigin storable;
    private static TestEdge edge;
    private static TestEdge storing;

    @BeforeAll
    static void start() throws IOException {
        origin = new ScriptedOrigin(ANSWER.formatted("no-store"));
        storable = new ScriptedOrigin(ANSWER.formatted("max-age=60"));
        edge = new TestEdge(origin.uri(), directory.resolve("a"), "MODE", "any_origin");
        storing = new TestEdge(storable.uri(), directory.resolve("b"), "MODE", "any_origin");
    }

    @AfterAll
    static void stop() throws IOException {
        edge.close();
        storing.close();
        origin.close();
        storable.close();
    }

    @Test
    void clientsThatKeepTrailersAreHandedThemButForWhatATrailerMustNotSay() throws IOException {
        assertThat(edge.talk(request("/kept", "TE: trailers\r\n")))
                .endsWith("6\r\nanswer\r\n0\r\nSignature: abc\r\n\r\n");
    }

    @Test
    void theOriginIsToldThatTheyAreKept() throws IOException {
        edge.talk(request("/told", "TE: trailers\r\nCache-Control: no-store\r\n"));
        assertThat(origin.heads().stream().filter(head -> head.startsWith("get /told ")))
                .hasSize(1)
                .allMatch(head -> head.contains("\nte: trailers\n"))
                .allMatch(head -> head.contains("\nconnection: te\n"));
    }

    @Test
    void othersAreNot() throws IOException {
        assertThat(edge.talk(request("/plain", "Cache-Control: no-store\r\n")))
                .endsWith("6\r\nanswer\r\n0\r\n\r\n");
        assertThat(origin.heads().stream().filter(head -> head.startsWith("get /plain ")))
                .noneMatch(head -> head.contains("\nte:"));
    }

    @Test
    void clientsOfHttp2AreHandedThem() throws IOException, Http2Exception {
        try (FrameSocket client = new FrameSocket(edge.server().port())) {
            client.begin().frame(FrameSocket.SETTINGS, FrameSocket.ACK, 0);
            List<Http2Headers> sections = Http2Answers.headers(client, "/two");
            assertThat(sections).hasSize(2);
            assertThat(sections.getLast().get("signature")).hasToString("abc");
            assertThat(sections.getLast().get("set-cookie")).isNull();
        }
    }

    @Test
    void whatIsStoredHasNone() throws IOException {
        storing.talk(request("/page", "TE: trailers\r\n"));
        assertThat(storing.talk(request("/page", "TE: trailers\r\n")))
                .contains("; hit")
                .endsWith("answer")
                .doesNotContain("Signature");
    }

    private static String request(String path, String fields) {
        return "GET " + path + " HTTP/1.1\r\nHost: e\r\nConnection: close\r\n" + fields + "\r\n";
    }
}
