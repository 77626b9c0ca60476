package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.transport.Transport;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/** Each interface to sockets that this machine has. */
final class TransportIT {

    @TempDir static Path directory;
    private static FakeOrigin origin;
    private static byte[] bytes;
    private static String path;

    @BeforeAll
    static void start() {
        origin = new FakeOrigin();
        bytes = TestEdge.bytes(2 << 20, 1);
        path = FakeOrigin.path(origin.artifact(bytes));
    }

    @AfterAll
    static void stop() {
        origin.close();
    }

    @Test
    void everyTransportServesFromDisk() {
        for (String transport : List.of("auto", "epoll", "io_uring", "nio")) {
            if (!transport.equals("io_uring") || Transport.IO_URING.available()) {
                try (TestEdge edge =
                        new TestEdge(
                                origin.uri(),
                                directory.resolve(transport),
                                "LISTEN_TRANSPORT",
                                transport)) {
                    assertThat(edge.get(path).body()).isEqualTo(bytes);
                    edge.awaitMetric(EdgeIT.FILLED, 1);
                    assertThat(edge.get(path).body()).as(transport).isEqualTo(bytes);
                    assertThat(edge.metric("modunest_edge_connections")).isPositive();
                }
            }
        }
    }

    @Test
    void portIsNotSharedByNio() {
        assertThatThrownBy(
                        () ->
                                TestEdge.config(
                                        origin.uri(),
                                        directory,
                                        "LISTEN_TRANSPORT",
                                        "nio",
                                        "LISTEN_REUSE_PORT",
                                        "true"))
                .hasMessageContaining("reuse_port");
    }

    @Test
    void directoryOfAnotherEdgeIsRefused() {
        Path owned = directory.resolve("owned");
        try (TestEdge _ = new TestEdge(origin.uri(), owned)) {
            assertThatThrownBy(() -> new TestEdge(origin.uri(), owned).close())
                    .hasMessageContaining("is owned by another edge");
        }
    }
}
