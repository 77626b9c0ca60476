package dev.modunest.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

class HealthProbeIT {

    @Test
    void readsTheStatusOfAnAnswer() throws Exception {
        try (ServerSocket server = listening()) {
            CompletableFuture<Void> answered =
                    answer(server, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
            assertThat(HealthProbe.status(server.getLocalPort())).isEqualTo("HTTP/1.1 503");
            answered.join();
        }
    }

    @Test
    void aConnectionThatEndsAtOnceHasNoStatus() throws Exception {
        try (ServerSocket server = listening()) {
            CompletableFuture<Void> answered = answer(server, "");
            assertThat(HealthProbe.status(server.getLocalPort())).isEmpty();
            answered.join();
        }
    }

    @Test
    void nobodyListeningIsTold() throws Exception {
        int port;
        try (ServerSocket server = listening()) {
            port = server.getLocalPort();
        }
        assertThatThrownBy(() -> HealthProbe.status(port)).isInstanceOf(IOException.class);
    }

    @Test
    void thePortIsThatOfTheSettings() {
        assertThat(HealthProbe.port(Map.of("MODUNEST_LISTEN_PORT", "8081"))).isEqualTo(8081);
        assertThat(HealthProbe.port(Map.of())).isEqualTo(8080);
    }

    private static ServerSocket listening() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private static CompletableFuture<Void> answer(ServerSocket server, String answer) {
        return CompletableFuture.runAsync(
                () -> {
                    try (Socket socket = server.accept()) {
                        // The whole request, so that the close that follows resets nothing.
                        int seen = 0;
                        while (seen < 4) {
                            int next = socket.getInputStream().read();
                            seen = next == '\r' || next == '\n' ? seen + 1 : 0;
                        }
                        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                    } catch (IOException failed) {
                        throw new IllegalStateException(failed);
                    }
                },
                Thread.ofVirtual()::start);
    }
}
