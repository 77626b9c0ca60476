package dev.modunest.standalone;

import dev.modunest.server.ServerConfig;
import dev.modunest.settings.Settings;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A data directory with its Postgres and its S3 running on free loopback ports. */
final class Backends implements AutoCloseable {

    private final DataDirectory directory;
    private final EmbeddedPostgresServer postgres;
    private final EmbeddedS3Server s3;

    private Backends(
            DataDirectory directory, EmbeddedPostgresServer postgres, EmbeddedS3Server s3) {
        this.directory = directory;
        this.postgres = postgres;
        this.s3 = s3;
    }

    static Backends start(Path data, Consumer<String> progress) {
        DataDirectory directory = DataDirectory.open(data);
        try {
            progress.accept("starting Postgres");
            EmbeddedPostgresServer postgres = EmbeddedPostgresServer.start(directory);
            try {
                progress.accept("starting S3");
                DataDirectory.Secrets secrets = directory.secrets();
                return new Backends(
                        directory,
                        postgres,
                        EmbeddedS3Server.start(
                                directory.s3(), secrets.s3AccessKey(), secrets.s3Secret()));
            } catch (RuntimeException failed) {
                postgres.close();
                throw failed;
            }
        } catch (RuntimeException failed) {
            directory.close();
            throw failed;
        }
    }

    DataDirectory directory() {
        return directory;
    }

    long postgresPid() {
        return postgres.pid();
    }

    String jdbcUrl() {
        return postgres.jdbcUrl();
    }

    URI s3() {
        return s3.endpoint();
    }

    ServerConfig serverConfig(int port) {
        return serverConfig(InetAddress.getLoopbackAddress(), port, Map.of());
    }

    /** One at {@code address}, with {@code more} settings. */
    ServerConfig serverConfig(InetAddress address, int port, Map<String, String> more) {
        Map<String, String> settings = settings(port);
        settings.put("MODUNEST_LISTEN_ADDRESS", address.getHostAddress());
        settings.putAll(more);
        return Settings.read(ServerConfig.class, Optional.empty(), settings);
    }

    /** Settings of a registry on these, by the names of their environment variables. */
    Map<String, String> settings(int port) {
        DataDirectory.Secrets secrets = directory.secrets();
        Map<String, String> settings = new HashMap<>();
        settings.put("MODUNEST_LISTEN_PORT", Integer.toString(port));
        settings.put("MODUNEST_DATABASE_URL", jdbcUrl());
        settings.put("MODUNEST_DATABASE_USER", EmbeddedPostgresServer.USER);
        settings.put("MODUNEST_DATABASE_PASSWORD", secrets.postgresPassword());
        settings.put("MODUNEST_S3_ENDPOINT", s3().toString());
        settings.put("MODUNEST_S3_ACCESS_KEY", secrets.s3AccessKey());
        settings.put("MODUNEST_S3_SECRET_KEY", secrets.s3Secret());
        settings.put("MODUNEST_DOWNLOADS_TOKEN", secrets.downloadsToken());
        settings.put("MODUNEST_PRIVATE_ARTIFACTS_EDGE_TOKEN", secrets.downloadsToken());
        settings.put("MODUNEST_ADMIN_TOKEN_FILE", directory.tokenFile().toString());
        settings.put("MODUNEST_TOKENS_KEY_FILE", directory.tokenKeyFile().toString());
        settings.put("MODUNEST_TRUST_DIRECTORY", directory.trust().toString());
        settings.put("MODUNEST_TRUST_EVALUATION", "true");
        settings.put("MODUNEST_TRUST_CERTIFICATES_BY_API_TOKEN", "true");
        return settings;
    }

    @Override
    public void close() {
        try (directory;
                postgres) {
            s3.close();
        }
    }
}
