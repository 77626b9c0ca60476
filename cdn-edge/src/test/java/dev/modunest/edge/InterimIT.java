package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Scanner;

/** Interim responses of the origin (RFC 9110 15.2, RFC 8297). */
final class InterimIT {

    private static final String ANSWER =
            """
            HTTP/1.1 102 Processing

            HTTP/1.1 103 Early Hints
            Link: </style.css>; rel=preload

            HTTP/1.1 200 OK
            Cache-Control: max-age=60
            Content-Length: 6

            answer""";

    @TempDir Path directory;

    @Test
    void hintsAreHandedOnAndOtherInterimResponsesAreNotTakenForTheAnswer() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread origin = Thread.ofVirtual().start(() -> answer(server));
            URI uri = URI.create("http://127.0.0.1:" + server.getLocalPort());
            try (TestEdge edge = new TestEdge(uri, directory, "MODE", "any_origin")) {
                String talk =
                        edge.talk("GET /page HTTP/1.1\r\nHost: e\r\nConnection: close\r\n\r\n");
                assertThat(talk).startsWith("HTTP/1.1 103 Early Hints\r\n");
                assertThat(talk).containsIgnoringCase("link: </style.css>; rel=preload\r\n");
                assertThat(talk).contains("HTTP/1.1 200 OK\r\n").endsWith("answer");
                assertThat(talk).doesNotContain("102");
                assertThat(TestEdge.cacheStatus(edge.get("/page"))).endsWith("; hit");
            }
            origin.join();
        }
    }

    private static void answer(ServerSocket server) {
        try (Socket socket = server.accept()) {
            Scanner in = new Scanner(socket.getInputStream(), StandardCharsets.ISO_8859_1);
            String line = in.nextLine();
            while (!line.isEmpty()) {
                line = in.nextLine();
            }
            socket.getOutputStream()
                    .write(ANSWER.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            in.hasNextLine();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
