package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.settings.Settings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The storage or Postgres fail while the server runs. */
class BackendFailureIT {

    private BreakableProxy storage;
    private TestRegistry registry;

    @BeforeEach
    void start() throws IOException {
        storage = new BreakableProxy(TestBackends.s3Endpoint());
        registry =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_S3_ENDPOINT", storage.uri().toString(),
                                "MODUNEST_S3_MAX_ATTEMPTS", "2",
                                "MODUNEST_DATABASE_CONNECTION_TIMEOUT", "400ms",
                                "MODUNEST_HEALTH_TIMEOUT", "1s"));
    }

    @AfterEach
    void stop() throws IOException {
        registry.close();
        storage.close();
    }

    @Test
    void aPublishFailsWithoutATraceWhileTheStorageIsDown() {
        storage.refuse(true);

        HttpResponse<byte[]> response =
                registry.publish("acme/x@1.0.0", TestJars.library("acme/x@1.0.0"));

        TestRegistry.assertProblem(response, 503, "storage-unavailable", "try again in 5 seconds");
        assertThat(response.headers().firstValue("Retry-After")).hasValue("5");
        storage.refuse(false);
        registry.assertNothingLeft();
    }

    @Test
    void aPublishInPartsIsAbortedWhenItsConnectionEnds() throws IOException {
        byte[] jar = TestJars.libraryOfSize("acme/x@1.0.0", 12 << 20);
        try (RawClient client = new RawClient(registry.server().uri())) {
            client.send(
                            "PUT /api/v1/plugins/acme/x/1.0.0 HTTP/1.1\nHost: x\nAuthorization: Bearer "
                                    + registry.token()
                                    + "\nContent-Length: "
                                    + jar.length
                                    + "\n\n")
                    .send(java.util.Arrays.copyOf(jar, 11 << 20));
            storage.refuse(true);
            client.send(java.util.Arrays.copyOfRange(jar, 11 << 20, jar.length));

            assertThat(client.response().status()).isEqualTo(503);
        }
        assertThat(registry.rows("releases")).isZero();
    }

    @Test
    void aDownloadIsAnsweredWithAProblemWhileTheStorageIsDown() {
        byte[] jar = registry.published("acme/x@1.0.0");
        storage.refuse(true);

        TestRegistry.assertProblem(
                registry.get(registry.artifactPath(jar)),
                503,
                "storage-unavailable",
                "try again in 5 seconds");
    }

    @Test
    void aDownloadThatTheStorageBreaksOffIsCutAndNotEnded() {
        byte[] jar = TestJars.libraryOfSize("acme/x@1.0.0", 4 << 20);
        byte[] small = registry.published("acme/small@1.0.0");
        assertThat(registry.publish("acme/x@1.0.0", jar).statusCode()).isEqualTo(201);
        storage.cutAnswersAfter(1 << 20);
        // Connections of before are found out to be dead one after the other.
        Awaiting.until(() -> registry.get(registry.artifactPath(small)).statusCode() == 200);

        assertThatThrownBy(() -> registry.get(registry.artifactPath(jar)))
                .hasRootCauseInstanceOf(IOException.class);
    }

    @Test
    void aReadinessThatTheStorageDeniesTellsWhich() throws IOException {
        assertThat(registry.get("/health/ready").statusCode()).isEqualTo(200);
        storage.refuse(true);

        JsonNode down = notReady();
        assertThat(down.at("/dependencies/storage/status").asText()).isEqualTo("down");
        assertThat(down.at("/dependencies/storage/last_error").asText()).isNotEmpty();
        assertThat(down.at("/dependencies/database/status").asText()).isEqualTo("up");

        storage.refuse(false);
        JsonNode up = new ObjectMapper().readTree(registry.get("/health/ready").body());
        assertThat(up.get("status").asText()).isEqualTo("ready");
        assertThat(up.at("/dependencies/storage/last_error_at").asText()).endsWith("Z");
        assertThat(up.at("/jobs").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "ranking",
                        "sweeper",
                        "housekeeping",
                        "statistics",
                        "bytes-remover",
                        "signing-keys",
                        "last-use",
                        "log-writer",
                        "freshness",
                        "revocation-lists",
                        "publish-leases",
                        "download-flush",
                        "serial-follower");
    }

    private JsonNode notReady() throws IOException {
        HttpResponse<byte[]> response = registry.get("/health/ready");
        assertThat(response.statusCode()).isEqualTo(503);
        JsonNode document = new ObjectMapper().readTree(response.body());
        assertThat(document.get("status").asText()).isEqualTo("not-ready");
        return document;
    }

    @Test
    void whatNeedsTheIndexIsAnsweredWithAProblemWhilePostgresIsDown() throws IOException {
        TestBackends.setReachable(registry.database(), false);
        try {
            HttpResponse<byte[]> response = registry.get("/api/v1/plugins");

            TestRegistry.assertProblem(
                    response, 503, "database-unavailable", "try again in 5 seconds");
            assertThat(notReady().at("/dependencies/database/status").asText()).isEqualTo("down");
            assertThat(
                            registry.publish("acme/x@1.0.0", TestJars.library("acme/x@1.0.0"))
                                    .statusCode())
                    .isEqualTo(503);
        } finally {
            TestBackends.setReachable(registry.database(), true);
        }
    }

    @Test
    @Timeout(120)
    void aRememberedArtifactIsServedAtOnceWhilePostgresIsAway() throws IOException {
        String database = TestBackends.newDatabase();
        try (BreakableProxy postgres = new BreakableProxy(server(database));
                TestRegistry cut =
                        TestRegistry.start(
                                Map.of(
                                        "MODUNEST_DATABASE_URL",
                                        through(postgres, database),
                                        "MODUNEST_DATABASE_CONNECTION_TIMEOUT",
                                        "20s"))) {
            byte[] jar = cut.published("acme/x@1.0.0");
            byte[] other = cut.published("acme/y@1.0.0");
            Awaiting.until(() -> cut.metric("modunest_cache_lease{state=\"held\",} 1.0"));
            assertThat(cut.get(cut.artifactPath(jar)).statusCode()).isEqualTo(200);

            postgres.refuse(true);
            awaitLost(cut);

            for (int download = 0; download < 20; download++) {
                assertThat(cut.get(cut.artifactPath(jar)).body()).isEqualTo(jar);
            }
            TestRegistry.assertProblem(
                    cut.get(cut.artifactPath(other)),
                    503,
                    "database-unavailable",
                    "try again in 5 seconds");
            postgres.refuse(false);
            Awaiting.until(() -> cut.get(cut.artifactPath(other)).statusCode() == 200);
        }
    }

    @Test
    void aRememberedArtifactIsNotServedForLongerThanIsSet() throws IOException {
        String database = TestBackends.newDatabase();
        try (BreakableProxy postgres = new BreakableProxy(server(database));
                TestRegistry cut =
                        TestRegistry.start(
                                Map.of(
                                        "MODUNEST_DATABASE_URL", through(postgres, database),
                                        "MODUNEST_DATABASE_CONNECTION_TIMEOUT", "400ms",
                                        "MODUNEST_DOWNLOAD_SERVE_WITHOUT_INDEX", "0s"))) {
            byte[] jar = cut.published("acme/x@1.0.0");
            Awaiting.until(() -> cut.metric("modunest_cache_lease{state=\"held\",} 1.0"));
            assertThat(cut.get(cut.artifactPath(jar)).statusCode()).isEqualTo(200);

            postgres.refuse(true);
            awaitLost(cut);

            HttpResponse<byte[]> response = cut.get(cut.artifactPath(jar));
            TestRegistry.assertProblem(
                    response, 503, "database-unavailable", "try again in 5 seconds");
            assertThat(response.headers().firstValue("Retry-After")).hasValue("5");
        }
    }

    private static void awaitLost(TestRegistry cut) {
        Awaiting.until(() -> cut.metric("modunest_cache_lease{state=\"held\",} 0.0"));
    }

    private static URI server(String jdbcUrl) {
        return URI.create(jdbcUrl.substring("jdbc:".length()));
    }

    private static String through(BreakableProxy proxy, String jdbcUrl) {
        return jdbcUrl.replace(server(jdbcUrl).getAuthority(), proxy.uri().getAuthority());
    }

    @Test
    void aFaultOfTheIndexIsAnInternalError() {
        registry.execute("alter table plugins rename to hidden");

        TestRegistry.assertProblem(
                registry.get("/api/v1/plugins"), 500, "internal-error", "report the request id");
    }

    @Test
    void doesNotStartWithoutTheStorage() {
        storage.refuse(true);
        Map<String, String> environment = new HashMap<>(registry.environment());
        environment.put("MODUNEST_S3_ENDPOINT", storage.uri().toString());
        ServerConfig config = Settings.read(ServerConfig.class, Optional.empty(), environment);

        assertThatThrownBy(() -> RegistryServer.start(config))
                .hasMessageContaining("cannot be read at " + storage.uri());
    }
}
