package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.resolve.Lock;
import dev.modunest.format.resolve.LockJson;
import dev.modunest.format.resolve.Plan;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.format.resolve.ResolvePolicy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Prefetching of artifacts, documents and the releases of a lock. */
final class PrefetchIT {

    private static final String HIT = "modunest-edge; hit";

    @TempDir private static Path directory;
    private static final FakeOrigin ORIGIN = new FakeOrigin();
    private static TestEdge edge;
    private static AdminClient admin;

    @BeforeAll
    static void start() {
        edge =
                new TestEdge(
                        ORIGIN.uri(),
                        directory,
                        "ADMIN_PORT",
                        "0",
                        "ADMIN_TOKEN",
                        AdminClient.TOKEN,
                        "PREFETCH_MAX_CONCURRENT",
                        "2",
                        "PREFETCH_MAX_WAITING",
                        "6",
                        "PREFETCH_MAX_JOBS",
                        "2",
                        "FILL_RETRY_AFTER",
                        "1ms",
                        "FILL_MAX_CONCURRENT",
                        "1");
        admin = new AdminClient(edge);
    }

    @AfterAll
    static void stop() {
        edge.close();
        ORIGIN.close();
    }

    @Test
    void artifactsAndDocumentsAreThereBeforeTheyAreAskedFor() {
        String small = digest(1000, 1).toString();
        Digest large = digest(400_000, 2);
        String name = "/artifacts/acme/named/1.0.0/named-1.0.0.jar";
        Digest named = ORIGIN.artifact(name, TestEdge.bytes(2000, 3));
        ORIGIN.document("/index/acme/pre", "a document", "max-age=600");
        JsonObject list =
                new JsonObject()
                        .put("digests", new JsonArray().add(small).add(large.toString()))
                        .put("paths", new JsonArray().add(name).add("/index/./acme/pre"));
        JsonObject done = prefetched(list);
        assertThat(done.getInteger("done")).isEqualTo(4);
        assertThat(done.getJsonArray("failures")).isEmpty();
        for (String path :
                List.of(
                        FakeOrigin.path(Digest.parse(small)),
                        FakeOrigin.path(large),
                        name,
                        "/index/acme/pre")) {
            assertThat(TestEdge.cacheStatus(edge.get(path))).isEqualTo(HIT);
        }
        assertThat(prefetched(list).getInteger("done")).isEqualTo(4);
        assertThat(ORIGIN.count("GET", FakeOrigin.path(large))).isOne();
        assertThat(ORIGIN.count("GET", FakeOrigin.path(named))).isOne();
        assertThat(ORIGIN.count("GET", "/index/acme/pre")).isOne();
        assertThat(edge.metric("modunest_edge_prefetched_total{outcome=\"done\",}"))
                .isGreaterThanOrEqualTo(8);
    }

    @Test
    void theReleasesOfALockAreFetched() {
        Digest one = digest(3000, 4);
        Digest two = digest(3000, 5);
        String lock =
                LockJson.writeIndented(
                        new Lock(
                                List.of(Requirement.parse("acme/one@^1")),
                                Optional.empty(),
                                ResolvePolicy.DEFAULT,
                                new Plan(List.of(step("acme/one", one), step("acme/two", two)))));
        HttpResponse<byte[]> accepted = admin.send("POST", "/-/prefetch", lock);
        assertThat(TestEdge.text(accepted)).contains("\"total\":2");
        assertThat(end(AdminClient.json(accepted)).getInteger("done")).isEqualTo(2);
        assertThat(TestEdge.cacheStatus(edge.get(FakeOrigin.path(two)))).isEqualTo(HIT);

        HttpResponse<byte[]> changed =
                admin.send("POST", "/-/prefetch", lock.replace(one.hex(), two.hex()));
        assertThat(changed.statusCode()).isEqualTo(400);
        assertThat(TestEdge.text(changed)).contains("changed after it was made");
    }

    @Test
    void whatCannotBeFetchedIsToldWithItsReason() {
        String unknown = "sha256:" + "0a".repeat(32);
        ORIGIN.on("/index/acme/fails", x -> FakeOrigin.send(x, 500, new byte[0]));
        ORIGIN.on("/index/acme/passed", x -> FakeOrigin.send(x, 200, new byte[0]));
        ORIGIN.document("/index/acme/refused", "x", "max-age=600");
        JsonObject ended =
                prefetched(
                        new JsonObject()
                                .put("digests", new JsonArray().add(unknown))
                                .put(
                                        "paths",
                                        new JsonArray()
                                                .add("/artifacts/acme/no/1.0.0/no-1.0.0.jar")
                                                .add("/accounts/me")
                                                .add("/index/acme/fails")
                                                .add("/index/acme/passed")
                                                .add("/index/acme/unknown")));
        assertThat(ended.getInteger("failed")).isEqualTo(6);
        assertThat(ended.getInteger("done")).isZero();
        assertThat(ended.getJsonArray("failures").encode())
                .contains("does not have it")
                .contains("caches nothing at this path")
                .contains("answers 500")
                .contains("not to be stored")
                .contains("/index/acme/unknown\",\"reason\":\"the origin answers 404");
    }

    @Test
    void artifactsThatTheOriginSpoilsAreToldWithTheReason() {
        Digest wrong = Digest.ofBytes(TestEdge.bytes(300_000, 20));
        ORIGIN.on(
                FakeOrigin.path(wrong),
                x -> FakeOrigin.sendArtifact(x, wrong, TestEdge.bytes(300_000, 21)));
        Digest secret = digest(1000, 22);
        ORIGIN.on(
                FakeOrigin.path(secret),
                x -> {
                    FakeOrigin.artifactHeaders(x, secret);
                    x.getResponseHeaders().set("Cache-Control", "private");
                    FakeOrigin.send(x, 200, TestEdge.bytes(1000, 22));
                });
        Digest silent = Digest.ofBytes(TestEdge.bytes(1000, 23));
        ORIGIN.on(FakeOrigin.path(silent), HttpExchange::close);
        String nameless = "/artifacts/acme/nameless/1.0.0/nameless-1.0.0.jar";
        ORIGIN.on(nameless, x -> FakeOrigin.send(x, 200, new byte[10]));
        assertThat(failure(FakeOrigin.path(wrong))).contains("the fill was broken off");
        assertThat(failure(FakeOrigin.path(secret))).contains("it cannot be stored: ");
        assertThat(failure(FakeOrigin.path(silent))).contains("losed");
        assertThat(failure(nameless)).contains("tells no digest of it");
    }

    @Test
    void documentsThatAreNotFreshAnyMoreAreAskedAbout() {
        ORIGIN.document("/index/acme/aging", "a document", "max-age=600");
        JsonObject list = new JsonObject().put("paths", new JsonArray().add("/index/acme/aging"));
        assertThat(prefetched(list).getInteger("done")).isOne();
        edge.advance(Duration.ofMinutes(11));
        assertThat(prefetched(list).getInteger("done")).isOne();
        assertThat(TestEdge.cacheStatus(edge.get("/index/acme/aging"))).isEqualTo(HIT);
        assertThat(ORIGIN.count("GET", "/index/acme/aging")).isEqualTo(2);
        edge.advance(Duration.ofMinutes(11));
        ORIGIN.on("/index/acme/aging", HttpExchange::close);
        assertThat(prefetched(list).getJsonArray("failures").encode()).contains("losed");
    }

    @Test
    void ofAnyOriginAllPathsAreFetched(@TempDir Path other) {
        ORIGIN.on(
                "/any?x=1",
                x -> {
                    x.getResponseHeaders().set("Cache-Control", "max-age=60");
                    FakeOrigin.send(x, 200, new byte[10]);
                });
        try (TestEdge any =
                new TestEdge(
                        ORIGIN.uri(),
                        other,
                        "MODE",
                        "any_origin",
                        "ADMIN_PORT",
                        "0",
                        "ADMIN_TOKEN",
                        AdminClient.TOKEN)) {
            AdminClient client = new AdminClient(any);
            JsonObject list = new JsonObject().put("paths", new JsonArray().add("/any?x=1"));
            client.post("/-/prefetch", list);
            TestEdge.await(
                    "fetched",
                    () -> any.metric("modunest_edge_prefetched_total{outcome=\"done\",}") == 1);
            assertThat(TestEdge.cacheStatus(any.get("/any?x=1"))).isEqualTo(HIT);
        }
    }

    @Test
    void prefetchesAreBounded() {
        CountDownLatch answer = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        JsonArray paths = new JsonArray();
        for (int i = 0; i < 5; i++) {
            String path = "/index/acme/slow-" + i;
            paths.add(path);
            ORIGIN.on(
                    path,
                    x -> {
                        asked.incrementAndGet();
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        answer.await();
                        running.decrementAndGet();
                        x.getResponseHeaders().set("Cache-Control", "max-age=600");
                        FakeOrigin.send(x, 200, new byte[10]);
                    });
        }
        JsonObject list = new JsonObject().put("paths", paths);
        JsonObject begun = AdminClient.json(admin.post("/-/prefetch", list));
        assertThat(begun.getInteger("waiting")).isEqualTo(5);
        TestEdge.await("two are asked for", () -> asked.get() == 2);
        JsonObject again = AdminClient.json(admin.post("/-/prefetch", list));
        assertThat(again.getString("id")).isEqualTo(begun.getString("id"));

        HttpResponse<byte[]> full = admin.post("/-/prefetch", documents("/index/acme/f", 4));
        assertThat(full.statusCode()).isEqualTo(503);
        assertThat(full.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(TestEdge.text(full)).contains("too-many-prefetches", "prefetch.max_waiting");
        JsonObject other =
                AdminClient.json(admin.post("/-/prefetch", documents("/index/acme/o", 1)));
        HttpResponse<byte[]> jobs = admin.post("/-/prefetch", documents("/index/acme/j", 1));
        assertThat(jobs.statusCode()).isEqualTo(503);
        assertThat(TestEdge.text(jobs)).contains("prefetch.max_jobs");

        answer.countDown();
        assertThat(end(begun).getInteger("done")).isEqualTo(5);
        assertThat(end(other).getInteger("failed")).isOne();
        assertThat(most.get()).isEqualTo(2);
        assertThat(asked.get()).isEqualTo(5);
        prefetched(documents("/index/acme/k", 1));
        assertThat(admin.send("GET", "/-/prefetch/" + begun.getString("id"), "").statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"paths\":[]}",
                "{\"urls\":[\"/x\"]}",
                "{\"paths\":[\"x\"]}",
                "{\"digests\":[\"00\"]}",
                "{\"lock_version\":1,\"steps\":[]}"
            })
    void whatCannotBeReadIsRefused(String body) {
        HttpResponse<byte[]> refused = admin.send("POST", "/-/prefetch", body);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(TestEdge.text(refused)).contains("bad-request");
    }

    @Test
    void unknownJobsAndMethodsAreRefused() {
        HttpResponse<byte[]> unknown = admin.send("GET", "/-/prefetch/none", "");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(TestEdge.text(unknown)).contains("prefetch-unknown");
        assertThat(admin.send("GET", "/-/prefetch", "").statusCode()).isEqualTo(405);
        assertThat(admin.send("POST", "/-/prefetch/none", "").statusCode()).isEqualTo(405);
    }

    private static JsonObject prefetched(JsonObject list) {
        HttpResponse<byte[]> accepted = admin.post("/-/prefetch", list);
        assertThat(accepted.statusCode()).isEqualTo(202);
        JsonObject job = AdminClient.json(accepted);
        assertThat(accepted.headers().firstValue("Location"))
                .hasValue("/-/prefetch/" + job.getString("id"));
        return end(job);
    }

    /** Why {@code path} alone could not be fetched. */
    private static String failure(String path) {
        JsonObject ended = prefetched(new JsonObject().put("paths", new JsonArray().add(path)));
        assertThat(ended.getInteger("failed")).isOne();
        return ended.getJsonArray("failures").encode();
    }

    private static JsonObject end(JsonObject job) {
        String path = "/-/prefetch/" + job.getString("id");
        TestEdge.await("the job ends", () -> admin.get(path).containsKey("ended_at"));
        JsonObject ended = admin.get(path);
        assertThat(ended.getInteger("waiting")).isZero();
        return ended;
    }

    private static JsonObject documents(String prefix, int count) {
        JsonArray paths = new JsonArray();
        for (int i = 0; i < count; i++) {
            paths.add(prefix + i);
        }
        return new JsonObject().put("paths", paths);
    }

    private static Digest digest(int size, long seed) {
        return ORIGIN.artifact(TestEdge.bytes(size, seed));
    }

    private static Plan.Step step(String plugin, Digest digest) {
        return new Plan.Step(
                Coordinate.parse(plugin + "@1.0.0"),
                digest,
                3000,
                FakeOrigin.path(digest),
                List.of());
    }
}
