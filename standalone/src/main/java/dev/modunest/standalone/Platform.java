package dev.modunest.standalone;

import dev.modunest.db.DatabaseException;
import dev.modunest.edge.EdgeConfig;
import dev.modunest.edge.EdgeServer;
import dev.modunest.server.RegistryServer;
import dev.modunest.server.ServerConfig;
import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Settings;

import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Postgres, S3, registry and edge on loopback, made in this order and closed in reverse: the
 * composition root.
 */
final class Platform implements AutoCloseable {

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final DataDirectory directory;
    private final EmbeddedPostgresServer postgres;
    private final EmbeddedS3Server s3;
    private final RegistryServer registry;
    private final EdgeServer edge;

    private Platform(Path data, int port, int edgePort, Consumer<String> progress) {
        try {
            directory = closing(DataDirectory.open(data));
            progress.accept("starting Postgres");
            postgres = closing(EmbeddedPostgresServer.start(directory));
            DataDirectory.Secrets secrets = directory.secrets();
            progress.accept("starting S3");
            s3 =
                    closing(
                            EmbeddedS3Server.start(
                                    directory.s3(), secrets.s3AccessKey(), secrets.s3Secret()));
            progress.accept("starting the registry");
            registry = closing(RegistryServer.start(serverConfig(port, s3.endpoint(), secrets)));
            progress.accept("starting the edge");
            edge = closing(EdgeServer.start(edgeConfig(edgePort, secrets)));
        } catch (RuntimeException failed) {
            closeAfter(failed);
            throw failed;
        }
    }

    /** Starts everything; {@code port} and {@code edgePort} 0 take free ones. */
    static Platform start(Path data, int port, int edgePort, Consumer<String> progress) {
        try {
            return new Platform(data, port, edgePort, progress);
        } catch (DatabaseException
                | UncheckedIOException
                | IllegalArgumentException
                | IllegalStateException failed) {
            throw new StandaloneException("cannot start: " + failed.getMessage(), failed);
        }
    }

    private ServerConfig serverConfig(int port, URI s3, DataDirectory.Secrets secrets) {
        return Settings.read(
                ServerConfig.class,
                Optional.empty(),
                Map.of(
                        "MODUNEST_LISTEN_PORT", Integer.toString(port),
                        "MODUNEST_DATABASE_URL", postgres.jdbcUrl(),
                        "MODUNEST_DATABASE_USER", EmbeddedPostgresServer.USER,
                        "MODUNEST_DATABASE_PASSWORD", secrets.postgresPassword(),
                        "MODUNEST_S3_ENDPOINT", s3.toString(),
                        "MODUNEST_S3_ACCESS_KEY", secrets.s3AccessKey(),
                        "MODUNEST_S3_SECRET_KEY", secrets.s3Secret(),
                        "MODUNEST_DOWNLOADS_TOKEN", secrets.downloadsToken(),
                        "MODUNEST_ADMIN_TOKEN_FILE", directory.tokenFile().toString()));
    }

    private EdgeConfig edgeConfig(int port, DataDirectory.Secrets secrets) {
        return Settings.read(
                EdgeConfig.class,
                Optional.empty(),
                Map.of(
                        "MODUNEST_LISTEN_PORT", Integer.toString(port),
                        "MODUNEST_MEMORY_SIZE", edgeMemory().toString(),
                        "MODUNEST_ORIGIN_URI", registry.uri().toString(),
                        "MODUNEST_DOWNLOADS_TOKEN", secrets.downloadsToken(),
                        "MODUNEST_DISK_DIRECTORY", directory.edge().toString()));
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
        return s3.endpoint();
    }

    String jdbcUrl() {
        return postgres.jdbcUrl();
    }

    Path data() {
        return directory.root();
    }

    Path tokenFile() {
        return directory.tokenFile();
    }

    /** The administrator's token when this start made it. */
    Optional<String> firstToken() {
        return registry.firstToken();
    }

    long postgresPid() {
        return postgres.pid();
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
