package dev.modunest.standalone;

import dev.modunest.db.DatabaseException;
import dev.modunest.edge.EdgeConfig;
import dev.modunest.edge.EdgeServer;
import dev.modunest.server.RegistryServer;
import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Postgres, S3, registry and edge on loopback, made in this order and closed in reverse: the
 * composition root.
 */
final class Platform implements AutoCloseable {

    private static final String TRACING = "MODUNEST_TRACING_";

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Backends backends;
    private final RegistryServer registry;
    private final EdgeServer edge;

    private Platform(
            Path data,
            InetAddress address,
            int port,
            int edgePort,
            Map<String, String> tracing,
            Consumer<String> progress) {
        try {
            backends = closing(Backends.start(data, progress));
            progress.accept("starting the registry");
            registry = closing(RegistryServer.start(backends.serverConfig(address, port, tracing)));
            progress.accept("starting the edge");
            edge = closing(EdgeServer.start(edgeConfig(address, edgePort, tracing)));
        } catch (RuntimeException failed) {
            closeAfter(failed);
            throw failed;
        }
    }

    /** Starts everything on loopback; {@code port} and {@code edgePort} 0 take free ones. */
    static Platform start(Path data, int port, int edgePort, Consumer<String> progress) {
        return start(data, InetAddress.getLoopbackAddress(), port, edgePort, Map.of(), progress);
    }

    /**
     * Registry and edge listen at {@code address}; Postgres and S3 on loopback.
     *
     * @param environment of its variables those of tracing hold for registry and edge
     */
    static Platform start(
            Path data,
            InetAddress address,
            int port,
            int edgePort,
            Map<String, String> environment,
            Consumer<String> progress) {
        Map<String, String> tracing = new HashMap<>(environment);
        tracing.keySet().removeIf(name -> !name.startsWith(TRACING));
        requireFree(address, port);
        requireFree(address, edgePort);
        try {
            return new Platform(data, address, port, edgePort, tracing, progress);
        } catch (DatabaseException
                | UncheckedIOException
                | IllegalArgumentException
                | IllegalStateException failed) {
            throw new StandaloneException("cannot start: " + failed.getMessage(), failed);
        }
    }

    /** Before anything is started that would only be stopped again. */
    private static void requireFree(InetAddress address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
        } catch (IOException taken) {
            throw new StandaloneException(
                    "cannot listen at "
                            + address.getHostAddress()
                            + ":"
                            + port
                            + ": another process has the port; stop it, or give other ports with --port and --edge-port",
                    taken);
        } catch (IllegalArgumentException none) {
            throw StandaloneException.wrongUse("a port is 0 to 65535, not " + port);
        }
    }

    private EdgeConfig edgeConfig(InetAddress address, int port, Map<String, String> tracing) {
        Map<String, String> settings = new HashMap<>(tracing);
        settings.putAll(
                Map.of(
                        "MODUNEST_LISTEN_ADDRESS", address.getHostAddress(),
                        "MODUNEST_LISTEN_PORT", Integer.toString(port),
                        "MODUNEST_MEMORY_SIZE", edgeMemory().toString(),
                        "MODUNEST_ORIGIN_URIS", registry.uri().toString(),
                        "MODUNEST_DOWNLOADS_TOKEN", backends.directory().secrets().downloadsToken(),
                        "MODUNEST_ACCESS_TOKEN", backends.directory().secrets().downloadsToken(),
                        "MODUNEST_DISK_DIRECTORY", backends.directory().edge().toString()));
        return Settings.read(EdgeConfig.class, Optional.empty(), settings);
    }

    /**
     * A quarter of the heap, which the registry shares, and no more than the edge's own default.
     */
    private static ByteSize edgeMemory() {
        long quarter = Runtime.getRuntime().maxMemory() / 4;
        return ByteSize.ofMebibytes(Math.clamp(quarter >> 20, 1, 256));
    }

    URI origin() {
        return registry.uri();
    }

    URI edge() {
        return edge.uri();
    }

    URI s3() {
        return backends.s3();
    }

    String jdbcUrl() {
        return backends.jdbcUrl();
    }

    Path data() {
        return backends.directory().root();
    }

    Path trust() {
        return backends.directory().trust();
    }

    Path tokenFile() {
        return backends.directory().tokenFile();
    }

    /** The administrator's token when this start made it. */
    Optional<String> firstToken() {
        return registry.firstToken();
    }

    long postgresPid() {
        return backends.postgresPid();
    }

    private <T extends AutoCloseable> T closing(T part) {
        parts.push(part);
        return part;
    }

    /** Idempotent; a second caller waits for the first. */
    @Override
    public synchronized void close() {
        RuntimeException failures = new IllegalStateException("parts did not close");
        closeAfter(failures);
        if (failures.getSuppressed().length > 0) {
            throw failures;
        }
    }

    private void closeAfter(RuntimeException cause) {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception failed) {
                cause.addSuppressed(failed);
            }
        }
    }
}
