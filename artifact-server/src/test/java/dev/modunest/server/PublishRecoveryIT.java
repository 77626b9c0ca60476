package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Digest;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.artifact.StoredObject;
import dev.modunest.server.artifact.SweepConfig;
import dev.modunest.server.artifact.Sweeper;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.periodic.Jobs;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import software.amazon.awssdk.core.sync.RequestBody;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What a server that was killed left is taken up by another. */
class PublishRecoveryIT {

    private static final Map<String, String> ONCE_AN_HOUR =
            Map.of("MODUNEST_PUBLISH_LEASE_PERIOD", "1h", "MODUNEST_PUBLISH_LEASE", "2h");

    private static TestRegistry registry;

    @BeforeAll
    static void start() {
        registry =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_PUBLISH_LEASE_PERIOD", "100ms",
                                "MODUNEST_PUBLISH_LEASE", "1s",
                                "MODUNEST_PUBLISH_GIVE_UP", "1h"));
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static UUID stage(byte[] jar) {
        return stage(registry, jar);
    }

    private static UUID stage(TestRegistry registry, byte[] jar) {
        UUID id = UUID.randomUUID();
        registry.s3()
                .putObject(
                        put -> put.bucket(registry.bucket()).key("staging/" + id),
                        RequestBody.fromBytes(jar));
        return id;
    }

    /** The row of a publish whose server has the lease until {@code lease}. */
    private static void accepted(UUID id, String name, String state, byte[] jar, String lease) {
        accepted(registry, id, name, state, jar, lease);
    }

    private static void accepted(
            TestRegistry registry, UUID id, String name, String state, byte[] jar, String lease) {
        registry.execute(
                """
                insert into publishes (id, account_id, namespace, name, version, state, digest, size, staging_key,
                                       lease_until, created_at, updated_at, request_id)
                values ('%s', 1, 'lost', '%s', '1.0.0', '%s', '%s', %d, 'staging/%s', %s, now(), now(), 'its-request')
                """
                        .formatted(
                                id, name, state, Digest.ofBytes(jar).hex(), jar.length, id, lease));
    }

    private static boolean is(UUID id, String state) {
        return registry.count("publishes where id = '" + id + "' and state = '" + state + "'") == 1;
    }

    @ParameterizedTest
    @ValueSource(strings = {"received", "inspecting", "verifying", "queued"})
    void aPublishGoesLiveWhereverItsServerWasKilled(String state) {
        byte[] jar = TestJars.library("lost/" + state + "@1.0.0");
        UUID id = stage(jar);

        accepted(id, state, state, jar, "now() - interval '1 s'");

        Awaiting.until(() -> is(id, "live"));
        assertThat(registry.get("/api/v1/plugins/lost/" + state + "/1.0.0").statusCode())
                .isEqualTo(200);
        assertThat(registry.get(registry.artifactPath(jar)).body()).isEqualTo(jar);
        Awaiting.until(() -> !registry.storedKeys().contains("staging/" + id));
        assertThat(registry.count("outbox where name = '" + state + "'")).isEqualTo(1);
        assertThat(
                        registry.count(
                                "audit where action = 'release.published' and request_id = 'its-request' and subject = 'lost/"
                                        + state
                                        + "@1.0.0'"))
                .isEqualTo(1);
    }

    @Test
    void whatWasCopiedBeforeTheKillIsNotCopiedAgain() {
        byte[] jar = TestJars.library("lost/copied@1.0.0");
        UUID id = stage(jar);
        registry.s3()
                .putObject(
                        put ->
                                put.bucket(registry.bucket())
                                        .key(new StoredObject.Artifact(Digest.ofBytes(jar)).key()),
                        RequestBody.fromBytes(jar));

        accepted(id, "copied", "verifying", jar, "null");

        Awaiting.until(() -> is(id, "live"));
        assertThat(registry.get(registry.artifactPath(jar)).body()).isEqualTo(jar);
    }

    @Test
    void aPublishThatIsNotAdmissibleIsRefusedByWhoTakesItUp() {
        byte[] jar = TestJars.library("lost/bad@1.0.0", "lost/nothing *");
        UUID id = stage(jar);

        accepted(id, "bad", "queued", jar, "null");

        Awaiting.until(() -> is(id, "refused"));
        assertThat(
                        registry.count(
                                "publishes where problem->>'type' like '%dependency-unresolvable' and id = '"
                                        + id
                                        + "'"))
                .isEqualTo(1);
    }

    @Test
    void bytesThatAreGoneRefuseThePublish() {
        UUID id = UUID.randomUUID();

        accepted(id, "gone", "queued", TestJars.library("lost/gone@1.0.0"), "null");

        Awaiting.until(() -> is(id, "refused"));
        assertThat(
                        registry.count(
                                "publishes where problem->>'type' like '%upload-lost' and id = '"
                                        + id
                                        + "'"))
                .isEqualTo(1);
    }

    @Test
    void aLeaseThatHoldsIsLeftAlone() {
        byte[] jar = TestJars.library("lost/leased@1.0.0");
        UUID leased = stage(jar);
        accepted(leased, "leased", "queued", jar, "now() + interval '1 h'");
        byte[] other = TestJars.library("lost/other@1.0.0");
        UUID free = stage(other);
        accepted(free, "other", "queued", other, "null");

        Awaiting.until(() -> is(free, "live"));

        assertThat(is(leased, "queued")).isTrue();
    }

    @Test
    void aLongQueueIsTakenUpAtOnce() {
        try (TestRegistry first = TestRegistry.start(ONCE_AN_HOUR)) {
            first.server().close();
            for (int publish = 0; publish < 40; publish++) {
                String name = "queued" + publish;
                byte[] jar = TestJars.library("lost/" + name + "@1.0.0");
                accepted(first, stage(first, jar), name, "queued", jar, "null");
            }
            try (RegistryServer _ = RegistryServer.start(first.config())) {
                Awaiting.until(() -> first.count("publishes where state = 'live'") == 40);
            }
        }
    }

    @Test
    void whatAServerGivesUpIsTakenUpWithoutWaitingForTheNextLook() {
        try (TestRegistry other = TestRegistry.start(ONCE_AN_HOUR);
                dev.modunest.db.Database stopping =
                        dev.modunest.db.Database.open(other.config().database())) {
            Awaiting.until(() -> other.metric("modunest_cache_lease{state=\"held\",} 1.0"));
            byte[] jar = TestJars.library("lost/given@1.0.0");
            UUID id = stage(other, jar);
            accepted(other, id, "given", "queued", jar, "now() + interval '1 h'");

            stopping.inTransaction(
                    tx -> {
                        tx.publishes().giveUpLeases(List.of(id));
                        return true;
                    });

            Awaiting.until(() -> other.count("publishes where state = 'live'") == 1);
        }
    }

    @Test
    void theSweeperLeavesTheBytesOfAnUnfinishedPublish() {
        byte[] jar = TestJars.library("lost/kept@1.0.0");
        UUID needed = stage(jar);
        accepted(needed, "kept", "queued", jar, "now() + interval '1 h'");
        UUID abandoned = stage(jar);
        SweepConfig config = new SweepConfig(Duration.ofHours(1), Duration.ofHours(6));

        try (ArtifactStore store = ArtifactStore.open(registry.config().s3());
                dev.modunest.db.Database database =
                        dev.modunest.db.Database.open(registry.config().database());
                Sweeper _ =
                        new Sweeper(
                                store,
                                database,
                                config,
                                new Jobs(new Metrics(), Instant::now),
                                () -> Instant.now().plus(Duration.ofHours(7)))) {
            Awaiting.until(() -> !registry.storedKeys().contains("staging/" + abandoned));
        }

        assertThat(registry.storedKeys()).contains("staging/" + needed);
    }

    @Test
    void aServerThatStopsGivesItsPublishesToTheNext() throws Exception {
        try (TestRegistry first =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_PUBLISH_MAX_CONCURRENT", "1",
                                "MODUNEST_DATABASE_LOCK_TIMEOUT", "25s"))) {
            byte[] jar = TestJars.library("hand/over@1.0.0");
            try (AutoCloseable _ = first.holding("select value from registry_serial for update")) {
                Thread blocking =
                        Thread.ofVirtual()
                                .start(
                                        () ->
                                                first.publishQuietly(
                                                        "hand/first@1.0.0",
                                                        TestJars.library("hand/first@1.0.0")));
                Awaiting.until(
                        () -> first.metric("modunest_publish_queue{state=\"running\",} 1.0"));
                assertThat(
                                first.publish("hand/over@1.0.0", jar, "Prefer", "respond-async")
                                        .statusCode())
                        .isEqualTo(202);
                first.server().close();
                blocking.join();
                assertThat(
                                first.count(
                                        "publishes where state not in ('live', 'refused') and lease_until is null"))
                        .isEqualTo(1);
            }
            try (RegistryServer _ = RegistryServer.start(first.config())) {
                Awaiting.until(() -> first.count("publishes where state = 'live'") >= 1);
            }
            assertThat(first.count("releases where version = '1.0.0'")).isPositive();
        }
    }
}
