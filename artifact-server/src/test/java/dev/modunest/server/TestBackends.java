package dev.modunest.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** One Postgres and one S3 server for all tests of the JVM. */
final class TestBackends {

    static final String ACCESS_KEY = "test-access";
    static final String SECRET_KEY = "test-secret";

    private static final Path TOKEN_KEY_FILE =
            Path.of(System.getProperty("java.io.tmpdir"), "modunest-" + UUID.randomUUID() + ".key");
    private static final Path TRUST =
            Path.of(
                    System.getProperty("java.io.tmpdir"),
                    "modunest-" + UUID.randomUUID() + ".trust");
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final TestBackends INSTANCE = startBoth();

    private final EmbeddedPostgres postgres;
    private final S3Proxy s3;

    private TestBackends(EmbeddedPostgres postgres, S3Proxy s3) {
        this.postgres = postgres;
        this.s3 = s3;
    }

    private static TestBackends startBoth() {
        try {
            Path blobs = Files.createTempDirectory("modunest-s3");
            TestBackends backends =
                    new TestBackends(
                            EmbeddedPostgres.builder().setServerConfig("fsync", "off").start(),
                            startS3(blobs));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> backends.stop(blobs)));
            return backends;
        } catch (Exception failed) {
            throw new IllegalStateException("the backends of the tests do not start", failed);
        }
    }

    static S3Proxy startS3(Path blobs) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("jclouds.filesystem.basedir", blobs.toString());
        S3Proxy s3 =
                S3Proxy.builder()
                        .blobStore(BlobStores.create("filesystem-nio2", properties))
                        .endpoint(URI.create("http://127.0.0.1:0"))
                        .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY)
                        .build();
        s3.start();
        return s3;
    }

    private void stop(Path blobs) {
        try {
            postgres.close();
            s3.stop();
            delete(blobs);
            if (Files.exists(TRUST)) {
                delete(TRUST);
            }
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** What seals the keys of all registries of these tests. */
    static Path tokenKeyFile() {
        return TOKEN_KEY_FILE;
    }

    /** The keys of all registries of these tests. */
    static Path trustDirectory() {
        return TRUST;
    }

    static URI s3Endpoint() {
        return URI.create("http://127.0.0.1:" + INSTANCE.s3.getPort());
    }

    /** Ends all connections to the database of that URL and lets none in, or lets them in again. */
    static void setReachable(String url, boolean reachable) {
        String name = url.substring(url.lastIndexOf('/') + 1).replaceFirst("\\?.*", "");
        execute("alter database " + name + " allow_connections " + reachable);
        if (!reachable) {
            execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = '"
                            + name
                            + "'");
        }
    }

    /** The JDBC URL of an empty database. */
    static String newDatabase() {
        String name = "server" + DATABASES.incrementAndGet();
        execute("create database " + name);
        return INSTANCE.postgres.getJdbcUrl("postgres", name);
    }

    private static void execute(String sql) {
        try (Connection connection = INSTANCE.postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(sql, failed);
        }
    }

    /** Runs {@code sql} in the database of that URL. */
    static void run(String url, String sql) {
        try (Connection connection = DriverManager.getConnection(url, "postgres", "postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(sql, failed);
        }
    }

    /** The first column of the first row. */
    static String text(String url, String sql) {
        try (Connection connection = DriverManager.getConnection(url, "postgres", "postgres");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException failed) {
            throw new IllegalStateException(sql, failed);
        }
    }
}
