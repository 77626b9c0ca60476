package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Digest;
import dev.modunest.format.http.Problem;
import dev.modunest.server.auth.ApiToken;
import dev.modunest.settings.Settings;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** The real server on a database and a bucket of its own, with a client for both ends of it. */
final class TestRegistry implements AutoCloseable {

    private final HttpClient http = HttpClient.newHttpClient();
    private final String bucket;
    private final String database;
    private final Path tokenFile;
    private final S3Client s3;
    private final ServerConfig config;
    private final RegistryServer server;

    private TestRegistry(Map<String, String> settings) {
        try {
            tokenFile = Files.createTempDirectory("modunest-token").resolve("admin.token");
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
        this.bucket =
                Optional.ofNullable(settings.get("MODUNEST_S3_BUCKET"))
                        .orElseGet(() -> "test-" + UUID.randomUUID());
        this.database =
                Optional.ofNullable(settings.get("MODUNEST_DATABASE_URL"))
                        .orElseGet(TestBackends::newDatabase);
        Map<String, String> environment = new HashMap<>(environment());
        environment.putAll(settings);
        this.config = Settings.read(ServerConfig.class, Optional.empty(), environment);
        this.s3 =
                S3Client.builder()
                        .endpointOverride(TestBackends.s3Endpoint())
                        .region(Region.US_EAST_1)
                        .forcePathStyle(true)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(
                                                TestBackends.ACCESS_KEY, TestBackends.SECRET_KEY)))
                        .build();
        this.server = RegistryServer.start(config);
    }

    static TestRegistry start() {
        return start(Map.of());
    }

    /** With these settings, by the names of their environment variables. */
    static TestRegistry start(Map<String, String> settings) {
        return new TestRegistry(settings);
    }

    /** The settings that it runs with, as environment variables. */
    Map<String, String> environment() {
        return Map.ofEntries(
                Map.entry("MODUNEST_LISTEN_PORT", "0"),
                Map.entry("MODUNEST_DATABASE_URL", database),
                Map.entry("MODUNEST_DATABASE_USER", "postgres"),
                Map.entry("MODUNEST_DATABASE_PASSWORD", "postgres"),
                Map.entry("MODUNEST_DATABASE_POOL_SIZE", "5"),
                Map.entry("MODUNEST_S3_ENDPOINT", TestBackends.s3Endpoint().toString()),
                Map.entry("MODUNEST_S3_BUCKET", bucket),
                Map.entry("MODUNEST_S3_ACCESS_KEY", TestBackends.ACCESS_KEY),
                Map.entry("MODUNEST_S3_SECRET_KEY", TestBackends.SECRET_KEY),
                Map.entry("MODUNEST_CONNECTION_SHUTDOWN_GRACE", "500ms"),
                Map.entry("MODUNEST_ADMIN_TOKEN_FILE", tokenFile.toString()),
                Map.entry("MODUNEST_TRUST_DIRECTORY", TestBackends.trustDirectory().toString()),
                Map.entry("MODUNEST_TRUST_EVALUATION", "true"),
                Map.entry("MODUNEST_TOKENS_KEY_FILE", TestBackends.tokenKeyFile().toString()));
    }

    RegistryServer server() {
        return server;
    }

    ServerConfig config() {
        return config;
    }

    /** The JDBC URL. */
    String database() {
        return database;
    }

    String token() {
        return server.firstToken().orElseThrow();
    }

    Path tokenFile() {
        return tokenFile;
    }

    S3Client s3() {
        return s3;
    }

    String bucket() {
        return bucket;
    }

    URI uri(String path) {
        return server.uri().resolve(path);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(60));
    }

    /** With these headers: name, value, name, value. */
    HttpResponse<byte[]> get(String path, String... headers) {
        HttpRequest.Builder request = request(path);
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    HttpResponse<byte[]> head(String path) {
        return send(request(path).HEAD());
    }

    HttpResponse<byte[]> post(String path, String json) {
        return send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    /** A request by that token; {@code json} empty: without a body. */
    HttpResponse<byte[]> call(
            String token, String method, String path, String json, String... headers) {
        HttpRequest.Builder request =
                request(path)
                        .header("Authorization", "Bearer " + token)
                        .method(
                                method,
                                json.isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(json));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    /** Publishes with the administrator's token and these headers. */
    HttpResponse<byte[]> publish(String coordinate, byte[] jar, String... headers) {
        return send(publishRequest(coordinate, jar, headers));
    }

    HttpRequest.Builder publishRequest(String coordinate, byte[] jar, String... headers) {
        return publishRequestAs(token(), coordinate, jar, headers);
    }

    /** Publishes with that token. */
    HttpResponse<byte[]> publishAs(String token, String coordinate, byte[] jar, String... headers) {
        return send(publishRequestAs(token, coordinate, jar, headers));
    }

    HttpRequest.Builder publishRequestAs(
            String token, String coordinate, byte[] jar, String... headers) {
        HttpRequest.Builder request =
                request("/api/v1/plugins/" + coordinate.replace('@', '/'))
                        .header("Authorization", "Bearer " + token)
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(jar));
        return headers.length == 0 ? request : request.headers(headers);
    }

    /** Publishes a library of that coordinate that has to be accepted; its bytes. */
    byte[] published(String coordinate, String... requires) {
        byte[] jar = TestJars.library(coordinate, requires);
        HttpResponse<byte[]> response = publish(coordinate, jar);
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(201);
        return jar;
    }

    String artifactPath(byte[] jar) {
        return "/artifacts/sha256/" + Digest.ofBytes(jar).hex();
    }

    /** Every key in the bucket of an upload or an artifact. */
    List<String> storedKeys() {
        return keys("staging/", "artifacts/");
    }

    /** Every key in the bucket that begins so. */
    List<String> keys(String... prefixes) {
        return s3.listObjectsV2Paginator(list -> list.bucket(bucket)).contents().stream()
                .map(S3Object::key)
                .filter(key -> Arrays.stream(prefixes).anyMatch(key::startsWith))
                .toList();
    }

    long unfinishedUploads() {
        return s3.listMultipartUploads(list -> list.bucket(bucket)).uploads().size();
    }

    /** How many rows {@code table} has. */
    long rows(String table) {
        return query("select count(*) from " + table);
    }

    /** How many rows there are {@code fromWhere}, a table and a condition. */
    long count(String fromWhere) {
        return query("select count(*) from " + fromWhere);
    }

    /** Gives an account another token, which is limited to a scope; the answer is that. */
    String newToken(String account, String scope) {
        ApiToken token = ApiToken.create(new SecureRandom());
        execute(
                "insert into tokens (account_id, sha256, label, scopes, created_at) select id, '"
                        + token.sha256Hex()
                        + "', 'test', '{"
                        + scope
                        + "}', now() from accounts where name = '"
                        + account
                        + "'");
        return token.text();
    }

    /** Makes an account; the answer is its token. */
    String newAccount(String name) {
        ApiToken token = ApiToken.create(new SecureRandom());
        execute(
                "with account as (insert into accounts (name, administrator, created_at) values ('"
                        + name
                        + "', false, now()) returning id) insert into tokens (account_id, sha256, label, created_at) select id, '"
                        + token.sha256Hex()
                        + "', 'test', now() from account");
        return token.text();
    }

    long query(String sql) {
        try (Connection connection = DriverManager.getConnection(database, "postgres", "postgres");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException failed) {
            throw new IllegalStateException(sql, failed);
        }
    }

    /** The first column of every row. */
    List<String> texts(String sql) {
        try (Connection connection = DriverManager.getConnection(database, "postgres", "postgres");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        } catch (SQLException failed) {
            throw new IllegalStateException(sql, failed);
        }
    }

    void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(database, "postgres", "postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(sql, failed);
        }
    }

    /** Publishes; what becomes of the answer does not matter. */
    void publishQuietly(String coordinate, byte[] jar) {
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(
                        publishRequest(coordinate, jar).build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        answer.handle((response, failure) -> true).join();
    }

    /** Whether the metrics have that line. */
    boolean metric(String line) {
        return new String(get("/metrics").body(), StandardCharsets.UTF_8).contains(line);
    }

    /** Runs {@code sql} and keeps its transaction, and so its locks, open until it is closed. */
    AutoCloseable holding(String sql) {
        try {
            Connection connection = DriverManager.getConnection(database, "postgres", "postgres");
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
            return connection;
        } catch (SQLException failed) {
            throw new IllegalStateException(sql, failed);
        }
    }

    /** Nothing stands in the bucket or in the index. */
    void assertNothingLeft() {
        assertThat(keys("staging/", "artifacts/", "trust/")).isEmpty();
        assertThat(unfinishedUploads()).isZero();
        for (String table :
                List.of("releases", "plugins", "dependencies", "namespaces", "outbox")) {
            assertThat(rows(table)).as(table).isZero();
        }
    }

    static Problem problem(HttpResponse<byte[]> response) {
        assertThat(response.headers().firstValue("Content-Type")).hasValue(Problem.MEDIA_TYPE);
        Problem problem = Problem.read(response.body()).orElseThrow();
        assertThat(problem.status()).isEqualTo(response.statusCode());
        assertThat(problem.requestId())
                .isEqualTo(response.headers().firstValue("X-Request-Id").orElseThrow());
        return problem;
    }

    /** The answer is this problem and says {@code fix}. */
    static Problem assertProblem(
            HttpResponse<byte[]> response, int status, String code, String fix) {
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(status);
        Problem problem = problem(response);
        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.detail()).contains(fix);
        return problem;
    }

    @Override
    public void close() {
        server.close();
        http.close();
        s3.close();
    }
}
