package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.db.Database;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.artifact.StagingUpload;
import dev.modunest.server.artifact.StoredObject;
import dev.modunest.server.artifact.SweepConfig;
import dev.modunest.server.artifact.Sweeper;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.periodic.Jobs;
import dev.modunest.settings.Settings;
import dev.modunest.telemetry.MetricsTable;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What operators see and do. */
class OperationsIT {

    private static TestRegistry registry;

    @BeforeAll
    static void start() {
        registry = TestRegistry.start();
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    void theApiDescriptionAndTheRoutesAreTheSame() {
        HttpResponse<byte[]> response = registry.get("/openapi.yaml");
        Map<String, Map<String, Map<String, Object>>> document = new Yaml().load(text(response));
        Map<String, List<String>> described =
                document.getOrDefault("paths", Map.of()).entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey,
                                        path ->
                                                path.getValue().keySet().stream()
                                                        .filter(key -> !key.equals("parameters"))
                                                        .map(key -> key.toUpperCase(Locale.ROOT))
                                                        .sorted()
                                                        .toList()));

        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/yaml");
        assertThat(described).isEqualTo(registry.server().routes().methodsByPath());
    }

    @Test
    void theMetricsCountRequestsPublishesAndDownloads() {
        byte[] jar = registry.published("acme/counted@1.0.0");
        registry.publish("acme/counted@1.0.0", jar);
        registry.get(registry.artifactPath(jar));
        registry.get("/no/such/path");

        String metrics = text(registry.get("/metrics"));

        assertThat(metrics)
                .contains(
                        "modunest_http_requests_total{route=\"/artifacts/sha256/{hex}\",method=\"GET\",status=\"200\",} 1.0",
                        "modunest_http_requests_total{route=\"unmatched\",method=\"GET\",status=\"404\",} 1.0",
                        "modunest_http_request_seconds_bucket{route=\"/artifacts/sha256/{hex}\",le=\"0.001\",}",
                        "modunest_publishes_total{outcome=\"published\",} 1.0",
                        "modunest_publishes_total{outcome=\"version-exists\",} 1.0",
                        "modunest_downloaded_bytes_total " + (double) jar.length,
                        "modunest_published_bytes_total " + (double) jar.length,
                        "modunest_database_connections{server=\"primary\",state=\"max\",} 5.0",
                        "modunest_database_statement_seconds_count{statement=\"ReleaseStore.insertRelease\",} 1.0",
                        "modunest_publish_admission{state=\"running\",} 0.0",
                        "modunest_download_admission{state=\"waiting\",} 0.0",
                        "modunest_artifact_lookup_entries{cache=\"all\",} 1.0",
                        "modunest_publish_stage_seconds_count{stage=\"commit\",} ",
                        "modunest_s3_calls_total{operation=\"CopyObject\",outcome=\"ok\",} ",
                        "modunest_s3_calls_total{operation=\"HeadObject\",outcome=\"missing\",}",
                        "modunest_database_pool_wait_seconds_count{server=\"primary\",}",
                        "modunest_certificate_expiry_timestamp_seconds{certificate=\"issuing-i1\",}",
                        "jvm_threads_current");
    }

    @Test
    void theTableOfMetricsIsWhatIsExposed() {
        registry.get("/health/ready");
        MetricsTable table =
                MetricsTable.documented(
                        Path.of("../docs/operations/metrics.md"),
                        "Every process",
                        "Artifact server");

        assertThat(table.metrics()).hasSizeGreaterThan(80);
        assertThat(table.differences(MetricsTable.exposed(text(registry.get("/metrics")))))
                .isEmpty();
    }

    @Test
    void whoAcceptsOpenMetricsGetsThem() {
        HttpResponse<byte[]> answer =
                registry.get("/metrics", "Accept", "application/openmetrics-text; version=1.0.0");

        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .startsWith("application/openmetrics-text; version=1.0.0");
        assertThat(text(answer)).endsWith("# EOF\n");
    }

    @Test
    void theProcessIsLive() {
        assertThat(text(registry.get("/health/live"))).isEqualTo("{\"status\":\"live\"}");
        assertThat(text(registry.get("/health/started")))
                .startsWith("{\"status\":\"started\",\"started_at\":\"20");
    }

    @Test
    void theFirstStartWritesTheTokenForItsOwnerAlone() throws IOException {
        assertThat(Files.readString(registry.tokenFile())).isEqualTo(registry.token() + "\n");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(registry.tokenFile())))
                .isEqualTo("rw-------");
    }

    @Test
    void theSecondStartMakesNoToken() {
        try (RegistryServer second = RegistryServer.start(config(Map.of()))) {
            assertThat(second.firstToken()).isEmpty();
        }
    }

    @Test
    void doesNotStartWhenTheTokenCannotBeWritten() {
        Map<String, String> settings =
                Map.of(
                        "MODUNEST_DATABASE_URL",
                        TestBackends.newDatabase(),
                        "MODUNEST_ADMIN_TOKEN_FILE",
                        "/proc/none/admin.token");

        assertThatThrownBy(() -> RegistryServer.start(config(settings)))
                .hasMessageContaining("cannot be written to /proc/none/admin.token");
    }

    @Test
    void doesNotStartOnAPortThatIsTaken() {
        Map<String, String> settings =
                Map.of("MODUNEST_LISTEN_PORT", Integer.toString(registry.server().port()));

        assertThatThrownBy(() -> RegistryServer.start(config(settings)))
                .hasMessageContaining("cannot listen at 127.0.0.1:" + registry.server().port());
    }

    private static ServerConfig config(Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(registry.environment());
        environment.putAll(settings);
        return Settings.read(ServerConfig.class, Optional.empty(), environment);
    }

    @Test
    void aRequestWithoutATokenIsAskedForOne() {
        HttpResponse<byte[]> response =
                registry.send(
                        registry.request("/api/v1/plugins/acme/x/1.0.0")
                                .PUT(
                                        java.net.http.HttpRequest.BodyPublishers.ofByteArray(
                                                new byte[9])));

        TestRegistry.assertProblem(
                response, 401, "token-required", "Authorization: Bearer <token>");
        assertThat(response.headers().firstValue("WWW-Authenticate"))
                .hasValue("Bearer realm=\"modunest\"");
    }

    @Test
    void aTokenThatNobodyHasIsRefused() {
        for (String token :
                List.of(
                        "guess",
                        "mnt_0000000000000000000000000000000000000000000000000",
                        dev.modunest.server.auth.ApiToken.create(new java.security.SecureRandom())
                                .text())) {
            HttpResponse<byte[]> response =
                    registry.send(
                            registry.request("/api/v1/plugins/acme/x/1.0.0")
                                    .header("Authorization", "Bearer " + token)
                                    .PUT(
                                            java.net.http.HttpRequest.BodyPublishers.ofByteArray(
                                                    new byte[9])));

            TestRegistry.assertProblem(response, 401, "token-unknown", "copied whole");
            assertThat(response.headers().firstValue("WWW-Authenticate").orElseThrow())
                    .contains("invalid_token");
        }
    }

    @Test
    void theSweeperRemovesWhatACrashLeftAndNothingElse() {
        try (TestRegistry crashed = TestRegistry.start();
                ArtifactStore store = ArtifactStore.open(crashed.config().s3());
                Database database = Database.open(crashed.config().database())) {
            byte[] kept = crashed.published("acme/kept@1.0.0");
            leaveUploads(store);
            assertThat(crashed.storedKeys()).hasSize(2);
            SweepConfig config = new SweepConfig(Duration.ofHours(1), Duration.ofHours(6));

            store.abandonedUploads()
                    .removeOlderThan(Instant.now().minus(config.age()), _ -> java.util.Set.of());
            assertThat(crashed.storedKeys()).as("too young to be removed").hasSize(2);

            try (Sweeper _ =
                    new Sweeper(
                            store,
                            database,
                            config,
                            new Jobs(new Metrics(), Instant::now),
                            () -> Instant.now().plus(Duration.ofHours(7)))) {
                Awaiting.until(() -> crashed.storedKeys().size() == 1);
                Awaiting.until(() -> crashed.unfinishedUploads() == 0);
            }
            assertThat(crashed.get(crashed.artifactPath(kept)).body()).isEqualTo(kept);
        }
    }

    /** One finished object, and one multipart upload under way. */
    // The second upload is left open on purpose.
    @SuppressWarnings("try")
    private static void leaveUploads(ArtifactStore store) {
        StagingUpload finished = store.stage(StoredObject.Staging.create(), 5 << 20);
        finished.write(new byte[10], 0, 10);
        finished.complete();
        StagingUpload open = store.stage(StoredObject.Staging.create(), 5 << 20);
        open.write(new byte[6 << 20], 0, 6 << 20);
    }
}
