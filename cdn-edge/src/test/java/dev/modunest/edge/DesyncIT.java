package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** An origin that sends more than it was asked for. */
final class DesyncIT {

    private static final String POISON =
            "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nCache-Control: max-age=60\r\n\r\npoison";

    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(strings = {POISON, "poison without an end"})
    void whatNobodyAskedForIsNobodysAnswer(String behind) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
            threads.execute(() -> accept(server, threads, behind));
            URI origin = URI.create("http://127.0.0.1:" + server.getLocalPort());
            try (TestEdge edge =
                    new TestEdge(
                            origin,
                            directory,
                            "MODE",
                            "any_origin",
                            "ORIGIN_POOL_SIZE",
                            "1",
                            "LISTEN_EVENT_LOOPS",
                            "1")) {
                List<Future<String>> answers = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    String path = "/page/" + i;
                    answers.add(threads.submit(() -> path + " " + TestEdge.text(edge.get(path))));
                }
                int good = 0;
                for (Future<String> answer : answers) {
                    assertThat(answer.get()).doesNotContain("poison");
                    String[] parts = answer.get().split(" ", 2);
                    good += parts[1].equals(parts[0]) ? 1 : 0;
                }
                assertThat(good).isEqualTo(answers.size());
            }
        }
    }

    private static void accept(ServerSocket server, ExecutorService threads, String behind) {
        try {
            while (!server.isClosed()) {
                Socket socket = server.accept();
                threads.execute(() -> talk(socket, behind));
            }
        } catch (IOException closed) {
            if (!server.isClosed()) {
                throw new UncheckedIOException(closed);
            }
        }
    }

    /** Answers each request with its path, and puts something of its own behind it. */
    private static void talk(Socket socket, String behind) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.ISO_8859_1));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("GET ")) {
                    String path = line.split(" ", -1)[1];
                    String field = in.readLine();
                    while (!field.isEmpty()) {
                        field = in.readLine();
                    }
                    String answer =
                            "HTTP/1.1 200 OK\r\nContent-Length: "
                                    + path.length()
                                    + "\r\nCache-Control: max-age=60\r\n\r\n"
                                    + path
                                    + behind;
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                }
            }
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }
}
