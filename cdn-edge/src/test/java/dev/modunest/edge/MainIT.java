package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Starting an edge from the command line. */
final class MainIT {

    @TempDir Path directory;

    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @Test
    void startsWithTheSettingsOfAFile() throws IOException {
        Path file = directory.resolve("edge.yaml");
        Files.writeString(
                file,
                """
                listen: {address: 127.0.0.1, port: 0}
                origin: {uris: "http://127.0.0.1:1"}
                """);
        Optional<EdgeServer> edge =
                run(List.of("--config", file.toString()), Map.of(disk(), directory.toString()));
        assertThat(edge).isPresent();
        edge.ifPresent(
                running -> {
                    assertThat(running.uri()).hasPort(running.port());
                    running.close();
                });
    }

    @Test
    void tellsWhatIsWrongWithTheSettings() {
        assertThat(
                        run(
                                List.of(),
                                Map.of(
                                        "MODUNEST_LISTEN_PORT",
                                        "x",
                                        "MODUNEST_ORIGIN_URI",
                                        "http://127.0.0.1:1")))
                .isEmpty();
        assertThat(told())
                .contains("listen.port")
                .contains("MODUNEST_ORIGIN_URI: unknown")
                .contains("MODUNEST_ORIGIN_URIS?");
    }

    @Test
    void tellsThatNobodyNamesAnOrigin() {
        assertThat(run(List.of(), Map.of())).isEmpty();
        assertThat(told()).contains("origin.uris", "admin.token");
    }

    @Test
    void refusesAMemoryTierThatTheHeapCannotHold() {
        assertThat(
                        run(
                                List.of(),
                                Map.of(
                                        "MODUNEST_ORIGIN_URIS",
                                        "http://127.0.0.1:1",
                                        "MODUNEST_MEMORY_SIZE",
                                        "1TiB",
                                        disk(),
                                        directory.toString())))
                .isEmpty();
        assertThat(told()).contains("memory.size is 1TiB", "larger -Xmx");
    }

    @Test
    void tellsItsUsage() {
        assertThat(run(List.of("--help"), Map.of())).isEmpty();
        assertThat(told()).contains("usage: cdn-edge");
    }

    @Test
    void tellsWhichPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(
                            run(
                                    List.of(),
                                    Map.of(
                                            "MODUNEST_ORIGIN_URIS",
                                            "http://127.0.0.1:1",
                                            "MODUNEST_LISTEN_ADDRESS",
                                            "127.0.0.1",
                                            "MODUNEST_LISTEN_PORT",
                                            "" + taken.getLocalPort(),
                                            disk(),
                                            directory.toString())))
                    .isEmpty();
            assertThat(told()).contains("127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void tellsThatTheDiskCannotBeUsed() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "no directory");
        assertThat(
                        run(
                                List.of(),
                                Map.of(
                                        "MODUNEST_ORIGIN_URIS",
                                        "http://127.0.0.1:1",
                                        disk(),
                                        file.toString())))
                .isEmpty();
        assertThat(told()).contains("disk.directory");
    }

    private Optional<EdgeServer> run(List<String> arguments, Map<String, String> environment) {
        return Main.run(
                arguments, environment, new PrintStream(errors, true, StandardCharsets.UTF_8));
    }

    private String told() {
        return errors.toString(StandardCharsets.UTF_8);
    }

    private static String disk() {
        return "MODUNEST_DISK_DIRECTORY";
    }
}
