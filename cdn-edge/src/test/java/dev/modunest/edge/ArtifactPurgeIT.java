package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Digest;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Purges of artifacts, which leave memory and disk. */
final class ArtifactPurgeIT {

    private static final String HIT = "modunest-edge; hit";
    private static final String STORED = "modunest-edge; fwd=miss; stored";

    @TempDir private static Path directory;
    private static final FakeOrigin ORIGIN = new FakeOrigin();
    private static final ExecutorService CLIENTS = Executors.newVirtualThreadPerTaskExecutor();
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
                        AdminClient.TOKEN);
        admin = new AdminClient(edge);
    }

    @AfterAll
    static void stop() {
        edge.close();
        ORIGIN.close();
        CLIENTS.shutdownNow();
    }

    @Test
    void artifactIsPurgedByItsDigestAndItsPaths() {
        String byName = "/artifacts/acme/a/1.0.0/a-1.0.0.jar";
        Digest digest = ORIGIN.artifact(byName, TestEdge.bytes(1000, 1));
        String byDigest = FakeOrigin.path(digest);
        for (var names :
                List.of(
                        List.of("digests", digest.toString()),
                        List.of("urls", byDigest),
                        List.of("urls", byName),
                        List.of("prefixes", "/artifacts/acme/a/"),
                        List.of("prefixes", byDigest.substring(0, 30)))) {
            cached(byName);
            assertThat(purge(names.getFirst(), names.getLast(), false)).isOne();
            assertThat(status(byName)).isEqualTo(STORED);
        }
        cached(byName);
        assertThat(purge("prefixes", "/artifacts/acme/b", false)).isZero();
        assertThat(purge("urls", byName, true)).isZero();
        assertThat(status(byName)).isEqualTo(HIT);
    }

    @Test
    void fillUnderWayIsNotAdmittedAndItsClientHasItWhole() throws Exception {
        for (int size : new int[] {1000, 400_000}) {
            byte[] bytes = TestEdge.bytes(size, 2);
            Digest digest = ORIGIN.artifact(bytes);
            String path = FakeOrigin.path(digest);
            CountDownLatch asked = new CountDownLatch(1);
            CountDownLatch answer = new CountDownLatch(1);
            ORIGIN.on(
                    path,
                    x -> {
                        asked.countDown();
                        answer.await();
                        FakeOrigin.sendArtifact(x, digest, bytes);
                    });
            Future<HttpResponse<byte[]>> early = CLIENTS.submit(() -> edge.get(path));
            assertThat(asked.await(TestEdge.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
            assertThat(purge("digests", digest.toString(), false)).isZero();
            double withdrawn = withdrawn();
            answer.countDown();
            assertThat(early.get().body()).isEqualTo(bytes);
            TestEdge.await("the fill is over", () -> withdrawn() > withdrawn);
            assertThat(status(path)).isEqualTo(STORED);
            cached(path);
        }
    }

    private static double withdrawn() {
        return edge.metric("modunest_edge_fills_total{outcome=\"withdrawn\",}");
    }

    private static void cached(String path) {
        TestEdge.await("cached", () -> status(path).equals(HIT));
    }

    private static String status(String path) {
        return TestEdge.cacheStatus(edge.get(path));
    }

    /** The number of objects that have left. */
    private static int purge(String by, String name, boolean soft) {
        HttpResponse<byte[]> purged =
                admin.post(
                        "/-/purge",
                        new JsonObject().put(by, new JsonArray().add(name)).put("soft", soft));
        assertThat(purged.statusCode()).isEqualTo(200);
        return AdminClient.json(purged).getInteger("objects");
    }
}
