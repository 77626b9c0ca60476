package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The administration of the edge as a process. */
final class AdminProcessIT {

    @TempDir private static Path directory;
    private static final FakeOrigin ORIGIN = new FakeOrigin();
    private static TestEdge edge;
    private static AdminClient admin;

    @BeforeAll
    static void start() {
        edge = edge("first");
        admin = new AdminClient(edge);
    }

    @AfterAll
    static void stop() {
        edge.close();
        ORIGIN.close();
    }

    private static TestEdge edge(String name, String... more) {
        return new TestEdge(ORIGIN.uri(), directory.resolve(name), settings(more));
    }

    private static String[] settings(String... more) {
        String[] own = {
            "ADMIN_PORT", "0", "ADMIN_TOKEN", AdminClient.TOKEN, "LISTEN_REUSE_PORT", "true"
        };
        String[] all = new String[own.length + more.length];
        System.arraycopy(own, 0, all, 0, own.length);
        System.arraycopy(more, 0, all, own.length, more.length);
        return all;
    }

    @Test
    void statusTellsWhatRunsAndHidesSecrets() {
        byte[] bytes = TestEdge.bytes(100, 1);
        edge.get(FakeOrigin.path(ORIGIN.artifact(bytes)));
        edge.awaitMetric(EdgeIT.FILLED, 1);
        edge.advance(Duration.ofSeconds(90));
        HttpResponse<byte[]> answer = admin.send("GET", "/-/status", "");
        assertThat(TestEdge.text(answer)).doesNotContain(AdminClient.TOKEN);
        JsonObject status = AdminClient.json(answer);
        assertThat(status.getString("version")).isEqualTo("unpackaged");
        assertThat(status.getString("mode")).isEqualTo("registry");
        assertThat(status.getString("state")).isEqualTo("serving");
        assertThat(status.getInteger("uptime_seconds")).isBetween(90, 110);
        JsonObject tiers = status.getJsonObject("tiers");
        assertThat(tiers.fieldNames()).containsExactlyInAnyOrder("memory", "disk", "responses");
        assertThat(tiers.getJsonObject("disk").getInteger("objects")).isEqualTo(1);
        assertThat(tiers.getJsonObject("disk").getInteger("bytes")).isEqualTo(100);
        assertThat(status.getInteger("fills_running")).isZero();
        assertThat(status.getInteger("prefetches_waiting")).isZero();
        assertThat(status.getInteger("connections")).isPositive();
        assertThat(status.getJsonObject("origins").getInteger("known")).isOne();
        assertThat(status.getJsonObject("origins").getInteger("asked")).isOne();
        JsonObject settings = status.getJsonObject("settings");
        assertThat(settings.getString("admin.token")).isEqualTo("****");
        assertThat(settings.getString("listen.address")).isEqualTo("127.0.0.1");
    }

    @Test
    void reloadTellsWhatIsInForceAndWhatNeedsARestart() {
        edge.change(
                () ->
                        TestEdge.config(
                                ORIGIN.uri(),
                                directory.resolve("first"),
                                settings("LIMITS_BURST", "77", "MEMORY_SIZE", "1MiB")));
        HttpResponse<byte[]> reloaded = admin.send("POST", "/-/reload", "");
        assertThat(reloaded.statusCode()).isEqualTo(200);
        JsonObject told = AdminClient.json(reloaded);
        assertThat(told.getJsonArray("applied")).isEqualTo(new JsonArray().add("limits.burst"));
        assertThat(told.getJsonArray("need_restart")).isEqualTo(new JsonArray().add("memory.size"));
        JsonObject status = admin.get("/-/status");
        assertThat(status.getJsonObject("settings").getString("limits.burst")).isEqualTo("77");
        assertThat(status.getJsonObject("settings").getString("memory.size")).isEqualTo("256MiB");
        assertThat(status.getJsonArray("need_restart")).containsExactly("memory.size");

        edge.change(
                () ->
                        TestEdge.config(
                                ORIGIN.uri(),
                                directory.resolve("first"),
                                settings("LIMITS_BURST", "0")));
        HttpResponse<byte[]> refused = admin.send("POST", "/-/reload", "");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(TestEdge.text(refused)).contains("settings-invalid", "limits");
        assertThat(admin.get("/-/status").getJsonObject("settings").getString("limits.burst"))
                .isEqualTo("77");
    }

    @Test
    void drainEndsListeningAndTheProcessStays() {
        try (TestEdge leaving = edge("leaving")) {
            AdminClient its = new AdminClient(leaving);
            HttpResponse<byte[]> begun = its.send("POST", "/-/drain", "");
            assertThat(begun.statusCode()).isEqualTo(202);
            assertThat(AdminClient.json(begun).getString("state")).isEqualTo("draining");
            assertThat(its.send("POST", "/-/drain", "").statusCode()).isEqualTo(202);
            TestEdge.await(
                    "drained", () -> its.get("/-/status").getString("state").equals("drained"));
            leaving.server().drain();
        }
    }

    @Test
    void edgeThatWaitsForTheDirectoryHasNothingToPurgeOrPrefetch() {
        try (TestEdge second = edge("first")) {
            AdminClient its = new AdminClient(second);
            assertThat(its.get("/-/status").getString("state")).isEqualTo("standby");
            for (String path : new String[] {"/-/purge", "/-/prefetch"}) {
                HttpResponse<byte[]> refused = its.send("POST", path, "{\"paths\":[\"/x\"]}");
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(TestEdge.text(refused)).contains("standby");
            }
            assertThat(its.send("GET", "/-/prefetch/x", "").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void workOffTheEventLoopsIsBounded() throws Exception {
        try (TestEdge busy = edge("busy", "ADMIN_MAX_TASKS", "1")) {
            AdminClient its = new AdminClient(busy);
            CountDownLatch reading = new CountDownLatch(1);
            CountDownLatch read = new CountDownLatch(1);
            busy.change(
                    () -> {
                        reading.countDown();
                        await(read);
                        throw new IllegalArgumentException("no settings today");
                    });
            CompletableFuture<HttpResponse<byte[]>> first =
                    CompletableFuture.supplyAsync(() -> its.send("POST", "/-/reload", ""));
            await(reading);
            HttpResponse<byte[]> refused = its.send("GET", "/-/status", "");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(TestEdge.text(refused)).contains("admin-busy", "admin.max_tasks");
            read.countDown();
            assertThat(TestEdge.text(first.get())).contains("no settings today");
            assertThat(its.get("/-/status").getString("state")).isEqualTo("serving");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(TestEdge.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void methodsAreHeldTo() {
        assertThat(admin.send("POST", "/-/status", "").statusCode()).isEqualTo(405);
        assertThat(admin.send("GET", "/-/reload", "").statusCode()).isEqualTo(405);
        assertThat(admin.send("GET", "/-/drain", "").statusCode()).isEqualTo(405);
        HttpResponse<byte[]> unknown = admin.send("GET", "/-/none", "");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(TestEdge.text(unknown)).contains("route-unknown", "/-/status");
    }
}
