package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Coordinate;
import dev.modunest.format.StrictJson;
import dev.modunest.format.log.Checkpoint;
import dev.modunest.format.log.ConsistencyProof;
import dev.modunest.format.log.Hash;
import dev.modunest.format.log.HashTile;
import dev.modunest.format.log.LogProof;
import dev.modunest.format.log.SignedCheckpoint;
import dev.modunest.format.log.TilePath;
import dev.modunest.format.log.TiledNodes;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.server.trust.TrustDirectory;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The server in a process of its own, killed at every point of a signed publish: what was answered
 * 201 stays, and the log continues every head that anybody ever saw.
 */
class KilledServerIT {

    /** Where a publish is when its server is killed. */
    private enum Point {
        STAGING("PUT /[^ ]*/staging/"),
        PROMOTION("PUT /[^ ]*/artifacts/"),
        TILE("PUT /[^ ]*/tile/"),
        STATEMENTS("PUT /[^ ]*/(attest|trust)/"),
        CHECKPOINT("PUT /[^ ]*/checkpoint"),
        CHECKPOINT_WRITTEN("PUT /[^ ]*/checkpoint"),
        ANSWER("PUT /api/v1/plugins/[^ ]*/1.0.0 ");

        private final String line;

        Point(String line) {
            this.line = line;
        }
    }

    private static final Pattern LISTENING =
            Pattern.compile("listening at (http://127\\.0\\.0\\.1:\\d+)");

    @TempDir private Path folder;

    private final String bucket = "killed-" + UUID.randomUUID();
    private final String database = TestBackends.newDatabase();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Coordinate, byte[]> acknowledged = new HashMap<>();
    private final Map<Coordinate, ReleaseBundle> bundles = new ConcurrentHashMap<>();
    private final Map<Coordinate, byte[]> jars = new ConcurrentHashMap<>();
    private final Map<Long, Hash> roots = new TreeMap<>();

    private HoldingProxy storage;
    private Process process;
    private URI server = URI.create("http://127.0.0.1:1");
    private @Nullable TestPublisher publisher;

    @BeforeEach
    void begin() throws IOException {
        storage = new HoldingProxy(TestBackends.s3Endpoint());
        process = start();
        publisher = TestPublisher.certified(server, token(), "acme");
    }

    @AfterEach
    void end() throws Exception {
        process.destroyForcibly().waitFor();
        storage.close();
        http.close();
    }

    @Test
    void whatWasAnsweredStaysAndTheLogNeverForksWhereverTheServerIsKilled() throws Exception {
        for (Point point : Point.values()) {
            Coordinate release =
                    Coordinate.parse(
                            "acme/"
                                    + point.name().toLowerCase(Locale.ROOT).replace('_', '-')
                                    + "@1.0.0");
            String key = UUID.randomUUID().toString();
            killDuring(point, release, key);
            process = start();
            retry(release, key);
            requireAllThatWasPromised();
        }
        assertThat(acknowledged).hasSize(Point.values().length);
    }

    private Map<String, String> environment() {
        return Map.ofEntries(
                Map.entry("MODUNEST_LISTEN_PORT", "0"),
                Map.entry("MODUNEST_DATABASE_URL", database),
                Map.entry("MODUNEST_DATABASE_USER", "postgres"),
                Map.entry("MODUNEST_DATABASE_PASSWORD", "postgres"),
                Map.entry("MODUNEST_S3_ENDPOINT", storage.uri().toString()),
                Map.entry("MODUNEST_S3_BUCKET", bucket),
                Map.entry("MODUNEST_S3_ACCESS_KEY", TestBackends.ACCESS_KEY),
                Map.entry("MODUNEST_S3_SECRET_KEY", TestBackends.SECRET_KEY),
                Map.entry("MODUNEST_PUBLISH_LEASE", "1s"),
                Map.entry("MODUNEST_PUBLISH_LEASE_PERIOD", "200ms"),
                Map.entry("MODUNEST_ADMIN_TOKEN_FILE", folder.resolve("token").toString()),
                Map.entry("MODUNEST_TRUST_DIRECTORY", folder.resolve("trust").toString()),
                Map.entry("MODUNEST_TRUST_EVALUATION", "true"),
                Map.entry("MODUNEST_TRUST_CERTIFICATES_BY_API_TOKEN", "true"),
                Map.entry("MODUNEST_TOKENS_KEY_FILE", TestBackends.tokenKeyFile().toString()));
    }

    private Process start() throws IOException {
        Path log = Files.createTempFile(folder, "server", ".log");
        ProcessBuilder command =
                new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName());
        command.environment().putAll(environment());
        Process started = command.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        Awaiting.until(() -> find(log).find());
        Matcher listening = find(log);
        assertThat(listening.find()).isTrue();
        server = URI.create(listening.group(1));
        return started;
    }

    private static Matcher find(Path log) {
        try {
            return LISTENING.matcher(Files.readString(log));
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private void killDuring(Point point, Coordinate release, String key) throws Exception {
        try (HoldingProxy front = new HoldingProxy(server)) {
            switch (point) {
                case ANSWER -> front.holdAnswer(point.line);
                case CHECKPOINT_WRITTEN -> storage.holdAnswer(point.line);
                default -> storage.holdRequest(point.line);
            }
            CompletableFuture<Integer> publish =
                    CompletableFuture.supplyAsync(() -> statusOf(front.uri(), release, key));
            HoldingProxy holds = point == Point.ANSWER ? front : storage;
            assertThat(holds.awaitHeld()).as("nothing came to " + point).isTrue();
            noteHeads();
            process.destroyForcibly();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            storage.drop();
            front.drop();
            if (publish.get(60, TimeUnit.SECONDS) == 201) {
                acknowledged.put(release, jar(release));
            }
        }
    }

    private void retry(Coordinate release, String key) throws Exception {
        HttpResponse<byte[]> again = publish(server, release, key);
        assertThat(again.statusCode())
                .as(new String(again.body(), StandardCharsets.UTF_8))
                .isEqualTo(201);
        acknowledged.put(release, jar(release));
    }

    /** The same bytes each time, as a retry has them. */
    private byte[] jar(Coordinate release) {
        return jars.computeIfAbsent(release, one -> TestJars.library(one.toString()));
    }

    /** 0 where no answer came. */
    private int statusOf(URI base, Coordinate release, String key) {
        try {
            return publish(base, release, key).statusCode();
        } catch (IOException killed) {
            return 0;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private HttpResponse<byte[]> publish(URI base, Coordinate release, String key)
            throws IOException, InterruptedException {
        ReleaseBundle bundle = bundles.computeIfAbsent(release, this::sign);
        String path = "/api/v1/plugins/" + release.plugin() + "/" + release.version();
        HttpResponse<byte[]> sent = send(request(server, path + "/bundle", bundle.bytes()));
        assertThat(sent.statusCode()).isEqualTo(201);
        return send(
                request(base, path, jar(release))
                        .header("Content-Type", "application/java-archive")
                        .header("Prefer", "wait=50")
                        .header("Idempotency-Key", key)
                        .header(
                                "Publisher-Bundle",
                                StrictJson.object(sent.body()).path("digest").asText()));
    }

    private ReleaseBundle sign(Coordinate release) {
        return Optional.ofNullable(publisher).orElseThrow().sign(release, jar(release));
    }

    private String token() throws IOException {
        return Files.readString(folder.resolve("token")).strip();
    }

    private HttpRequest.Builder request(URI base, String path, byte[] body) throws IOException {
        return HttpRequest.newBuilder(base.resolve(path))
                .header("Authorization", "Bearer " + token())
                .PUT(HttpRequest.BodyPublishers.ofByteArray(body));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return http.send(
                request.timeout(Duration.ofSeconds(60)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private byte[] get(String path) {
        try {
            HttpResponse<byte[]> response = send(HttpRequest.newBuilder(server.resolve(path)));
            assertThat(response.statusCode()).as(path).isEqualTo(200);
            return response.body();
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    private String text(String path) {
        return new String(get(path), StandardCharsets.UTF_8);
    }

    private String shard() throws IOException {
        String origin =
                TrustDirectory.open(folder.resolve("trust"), "localhost", Map.of(), Instant.now())
                        .log()
                        .origin();
        return origin.substring(origin.indexOf("/log/") + 1);
    }

    /** The head that is served and the one that lies in the storage. */
    private List<Checkpoint> noteHeads() throws IOException {
        List<Checkpoint> heads = new ArrayList<>();
        heads.add(SignedCheckpoint.parse(text("/" + shard() + "/checkpoint")).checkpoint());
        try (S3Client s3 =
                S3Client.builder()
                        .endpointOverride(TestBackends.s3Endpoint())
                        .region(Region.US_EAST_1)
                        .forcePathStyle(true)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(
                                                TestBackends.ACCESS_KEY, TestBackends.SECRET_KEY)))
                        .build()) {
            String key = shard() + "/checkpoint";
            heads.add(
                    SignedCheckpoint.parse(
                                    s3.getObjectAsBytes(get -> get.bucket(bucket).key(key))
                                            .asUtf8String())
                            .checkpoint());
        }
        for (Checkpoint head : heads) {
            Hash before = roots.putIfAbsent(head.size(), head.root());
            assertThat(before == null || before.equals(head.root()))
                    .as("two roots of " + head.size() + " entries")
                    .isTrue();
        }
        return heads;
    }

    private void requireAllThatWasPromised() throws IOException {
        Checkpoint now = noteHeads().getFirst();
        TiledNodes nodes =
                new TiledNodes(now.size(), path -> HashTile.parse(path, get(tile(path))));
        roots.forEach(
                (size, root) ->
                        assertThat(
                                        ConsistencyProof.of(size, now.size(), nodes)
                                                .proves(root, now.root()))
                                .as(size + " to " + now.size())
                                .isTrue());
        acknowledged.forEach(this::requireLive);
    }

    private String tile(TilePath path) {
        try {
            return "/" + shard() + "/" + path;
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private void requireLive(Coordinate release, byte[] jar) {
        String file =
                "/artifacts/"
                        + release.plugin()
                        + "/"
                        + release.version()
                        + "/"
                        + release.fileName();
        assertThat(get(file)).isEqualTo(jar);
        ReleaseBundle publisher = ReleaseBundle.parse(get(file + ".sigstore.json"));
        ReleaseBundle registry = ReleaseBundle.parse(get(file + ".vsa.sigstore.json"));
        LogProof proof = LogProof.parse(text(file + ".tlog-proof"));
        assertThat(proof.proves(registry.logBody())).isTrue();
        for (ReleaseBundle bundle : List.of(publisher, registry)) {
            assertThat(get("/attest/sha256/" + bundle.envelope().payloadDigest().hex()))
                    .isEqualTo(bundle.envelope().payload());
        }
    }
}
