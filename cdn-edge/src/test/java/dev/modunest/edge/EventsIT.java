package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;

import dev.modunest.format.Digest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** What the origin's events make of the cache. */
final class EventsIT extends EdgeIT {

    private static final String PLUGIN = "acme/markdown";
    private static final String RELEASE = "acme/markdown@1.0.0";
    private static final String INDEX = "/index/acme/markdown";
    private static final String OTHER = "/index/acme/other";
    private static final String SEARCH = "/api/v1/plugins?q=mark";
    private static final String BY_NAME = "/artifacts/acme/markdown/1.0.0/markdown-1.0.0.jar";
    private static final String CONTRACT =
            "public, max-age=5, stale-while-revalidate=30, stale-if-error=86400";
    private static final String APPLIED = "modunest_edge_applied_serial";
    private static final String CONNECTED = "modunest_edge_stream_connected";
    private static final String RESETS = "modunest_edge_resets_total";

    @Override
    String[] settings() {
        return new String[] {
            "PURGE_RECONNECT_MIN", "1ms", "PURGE_RECONNECT_MAX", "20ms", "FILL_BUFFER", "1KiB"
        };
    }

    @BeforeEach
    void awaitTheStream() {
        edge.awaitMetric(CONNECTED, 1);
    }

    @Test
    void aChangeOutdatesTheDocumentsOfItsPluginAndLists() {
        for (String path : new String[] {INDEX, "/api/v1/plugins/" + PLUGIN, OTHER, SEARCH}) {
            document(path, "one", 0);
            assertThat(cacheStatus(edge.get(path))).endsWith("stored");
            assertThat(cacheStatus(edge.get(path))).endsWith("; hit");
        }
        document(INDEX, "two", 1);
        document(SEARCH, "found", 1);
        apply(origin.events().tell("release.published", RELEASE));

        assertThat(TestEdge.text(edge.get(INDEX))).isEqualTo("two");
        assertThat(TestEdge.text(edge.get(SEARCH))).isEqualTo("found");
        assertThat(cacheStatus(edge.get(INDEX))).endsWith("; hit");
        assertThat(cacheStatus(edge.get(OTHER))).endsWith("; hit");
        assertThat(edge.metric("modunest_edge_purged_total{tier=\"responses\",}")).isPositive();
    }

    @Test
    void whatIsSignedOfAPluginIsOutdatedByItsChangesAndTheLogByNone() {
        String bundle = BY_NAME + ".sigstore.json";
        String tile = "/log/2026/tile/0/000";
        for (String path : new String[] {bundle, tile}) {
            document(path, "one", 0);
            assertThat(cacheStatus(edge.get(path))).endsWith("stored");
        }
        document(bundle, "two", 1);
        apply(origin.events().tell("release.hidden", RELEASE));
        assertThat(TestEdge.text(edge.get(bundle))).isEqualTo("two");
        assertThat(cacheStatus(edge.get(tile))).endsWith("; hit");
    }

    @Test
    void aDocumentThatWasUnknownIsSeenOnceItIsPublished() {
        assertThat(edge.get(INDEX).statusCode()).isEqualTo(404);
        document(INDEX, "one", 1);
        apply(origin.events().tell("release.published", RELEASE));
        assertThat(TestEdge.text(edge.get(INDEX))).isEqualTo("one");
    }

    @Test
    void aFetchUnderWayWhenItsDocumentChangesIsNotStored() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        origin.on(
                INDEX,
                x -> {
                    asked.countDown();
                    answer.await();
                    send(x, "one", 0);
                });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<HttpResponse<byte[]>> early = threads.submit(() -> edge.get(INDEX));
            asked.await();
            long serial = origin.events().tell("release.yanked", RELEASE);
            apply(serial);
            document(INDEX, "two", serial);
            Future<HttpResponse<byte[]>> late =
                    threads.submit(() -> edge.get(INDEX, "Registry-Min-Serial", "" + serial));
            answer.countDown();
            assertThat(TestEdge.text(early.get())).isEqualTo("two");
            assertThat(TestEdge.text(late.get())).isEqualTo("two");
        }
        assertThat(TestEdge.text(edge.get(INDEX))).isEqualTo("two");
    }

    @Test
    void whoHasSeenMoreThanTheEdgeIsPassedToTheOrigin() {
        document(INDEX, "one", 0);
        edge.get(INDEX);
        origin.on(
                INDEX,
                x -> send(x, "wants " + x.getRequestHeaders().getFirst("Registry-Min-Serial"), 0));

        HttpResponse<byte[]> passed = edge.get(INDEX, "Registry-Min-Serial", "7");
        assertThat(TestEdge.text(passed)).isEqualTo("wants 7");
        assertThat(cacheStatus(passed)).isEqualTo("modunest-edge; fwd=bypass");
        assertThat(TestEdge.text(edge.get(INDEX, "Registry-Min-Serial", "-x")))
                .isEqualTo("wants -x");
        assertThat(TestEdge.text(edge.get(INDEX))).isEqualTo("one");
        assertThat(cacheStatus(edge.get(INDEX, "Registry-Min-Serial", "0"))).endsWith("; hit");
    }

    @Test
    void aDocumentThatShowsEnoughIsServedBeforeItsEventIsHeard() {
        document(INDEX, "one", 7);
        edge.get(INDEX);
        assertThat(cacheStatus(edge.get(INDEX, "Registry-Min-Serial", "7"))).endsWith("; hit");
        assertThat(cacheStatus(edge.get(INDEX, "Registry-Min-Serial", "8"))).endsWith("bypass");
    }

    @Test
    void anOriginThatLagsBehindItsEventsIsNotBelieved() {
        long serial = origin.events().tell("release.published", RELEASE);
        apply(serial);
        document(INDEX, "old", serial - 1);
        for (int i = 0; i < 2; i++) {
            HttpResponse<byte[]> response = edge.get(INDEX);
            assertThat(TestEdge.text(response)).isEqualTo("old");
            assertThat(cacheStatus(response)).isEqualTo("modunest-edge; fwd=miss");
        }
        document(INDEX, "new", serial);
        edge.get(INDEX);
        assertThat(cacheStatus(edge.get(INDEX))).endsWith("; hit");
    }

    @Test
    void theOriginIsAskedForNoLessThanTheLastChange() {
        long serial = origin.events().tell("release.published", RELEASE);
        apply(serial);
        origin.on(
                INDEX,
                x -> {
                    if (x.getRequestHeaders().containsKey("Registry-Min-Serial")) {
                        FakeOrigin.send(
                                x,
                                503,
                                utf8(
                                        "{\"type\":\"https://modunest.dev/problems/serial-not-reached\",\"status\":503}"));
                    } else {
                        send(x, "old", 0);
                    }
                });
        assertThat(TestEdge.text(edge.get(INDEX))).isEqualTo("old");
        assertThat(edge.get(INDEX, "Registry-Min-Serial", "" + serial).statusCode()).isEqualTo(503);
    }

    @ParameterizedTest
    @CsvSource({
        "release.quarantined,451,300",
        "release.deleted,410,300",
        "release.hidden,404,300",
        "release.deleted,410,9000000"
    })
    void aWithdrawnArtifactIsRefusedAndItsBytesAreGone(String kind, int status, int size)
            throws IOException {
        Digest digest = origin.artifact(BY_NAME, TestEdge.bytes(size, 1));
        String path = FakeOrigin.path(digest);
        assertThat(edge.get(BY_NAME).statusCode()).isEqualTo(200);
        edge.awaitMetric(FILLED, 1);
        assertThat(edge.get(path).statusCode()).isEqualTo(200);
        assertThat(objects()).hasSize(1);

        refuse(path, status);
        refuse(BY_NAME, status);
        apply(origin.events().tell(kind, RELEASE, digest));

        assertThat(objects()).isEmpty();
        for (String refused : new String[] {path, BY_NAME}) {
            for (int i = 0; i < 3; i++) {
                HttpResponse<byte[]> response = edge.get(refused);
                assertThat(response.statusCode()).isEqualTo(status);
                assertThat(TestEdge.text(response)).isEqualTo("because");
            }
            assertThat(edge.send("HEAD", refused).statusCode()).isEqualTo(status);
        }
        assertThat(origin.count("GET", path)).isEqualTo(2);
        assertThat(origin.count("GET", BY_NAME)).isOne();
    }

    @Test
    void aReleaseOutOfQuarantineIsServedAgain() {
        byte[] bytes = TestEdge.bytes(300, 1);
        Digest digest = origin.artifact(BY_NAME, bytes);
        refuse(FakeOrigin.path(digest), 451);
        apply(origin.events().tell("release.quarantined", RELEASE, digest));
        assertThat(edge.get(FakeOrigin.path(digest)).statusCode()).isEqualTo(451);
        origin.artifact(bytes);
        apply(origin.events().tell("release.unquarantined", RELEASE, digest));
        assertThat(edge.get(FakeOrigin.path(digest)).body()).isEqualTo(bytes);
        assertThat(edge.get(BY_NAME).body()).isEqualTo(bytes);
    }

    @Test
    void aReleaseThatIsShownAgainIsServedAgain() {
        byte[] bytes = TestEdge.bytes(300, 1);
        Digest digest = origin.artifact(bytes);
        refuse(FakeOrigin.path(digest), 404);
        apply(origin.events().tell("release.hidden", RELEASE, digest));
        assertThat(edge.get(FakeOrigin.path(digest)).statusCode()).isEqualTo(404);
        origin.artifact(bytes);
        apply(origin.events().tell("release.shown", RELEASE, digest));
        assertThat(edge.get(FakeOrigin.path(digest)).body()).isEqualTo(bytes);
    }

    @Test
    void aHiddenReleaseIsRefusedLikeOneThatIsNotThere() {
        Digest digest = origin.artifact(TestEdge.bytes(300, 1));
        apply(origin.events().tell("release.hidden", RELEASE, digest));
        HttpResponse<byte[]> lagging = edge.get(FakeOrigin.path(digest));
        assertThat(lagging.statusCode()).isEqualTo(404);
        assertThat(TestEdge.text(lagging)).contains("artifact-unknown").doesNotContain("no longer");
    }

    @Test
    void whoMayReadAHiddenReleaseGetsItFromTheOriginAndTheEdgeKeepsNothing() throws IOException {
        byte[] bytes = TestEdge.bytes(300, 1);
        Digest digest = origin.artifact(bytes);
        String path = FakeOrigin.path(digest);
        assertThat(edge.get(path).statusCode()).isEqualTo(200);
        edge.awaitMetric(FILLED, 1);
        origin.on(path, x -> sendToReader(x, digest, bytes));
        apply(origin.events().tell("release.hidden", RELEASE, digest));

        HttpResponse<byte[]> read = edge.get(path, "Authorization", "Bearer reader");
        assertThat(read.body()).isEqualTo(bytes);
        assertThat(read.headers().firstValue("Cache-Control")).hasValue("private, no-cache");
        assertThat(edge.get(path).statusCode()).isEqualTo(404);
        assertThat(edge.get(path, "Authorization", "Bearer other").statusCode()).isEqualTo(404);
        assertThat(objects()).isEmpty();
    }

    private static void sendToReader(HttpExchange x, Digest digest, byte[] bytes)
            throws IOException {
        if ("Bearer reader".equals(x.getRequestHeaders().getFirst("Authorization"))) {
            FakeOrigin.artifactHeaders(x, digest);
            x.getResponseHeaders().set("Cache-Control", "private, no-cache");
            x.getResponseHeaders().set("Vary", "Authorization, Cookie");
            FakeOrigin.send(x, 200, bytes);
        } else {
            FakeOrigin.send(x, 404, utf8("none"));
        }
    }

    @Test
    void theEdgeRefusesByItselfWhenTheOriginLagsOrIsGone() {
        Digest digest = origin.artifact(TestEdge.bytes(300, 1));
        apply(origin.events().tell("release.quarantined", RELEASE, digest));
        HttpResponse<byte[]> lagging = edge.get(FakeOrigin.path(digest));
        assertThat(lagging.statusCode()).isEqualTo(451);
        assertThat(TestEdge.text(lagging)).contains("release-quarantined");
        origin.close();
        assertThat(edge.get(FakeOrigin.path(digest)).statusCode()).isEqualTo(451);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFillUnderWayWhenItsReleaseIsWithdrawnIsNotAdmitted(boolean lengthIsTold)
            throws Exception {
        byte[] bytes = TestEdge.bytes(100_000, 1);
        Digest digest = Digest.ofBytes(bytes);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        origin.on(
                FakeOrigin.path(digest),
                x -> {
                    FakeOrigin.artifactHeaders(x, digest);
                    x.sendResponseHeaders(200, lengthIsTold ? bytes.length : 0);
                    x.getResponseBody().write(bytes, 0, 50_000);
                    x.getResponseBody().flush();
                    begun.countDown();
                    goOn.await();
                    x.getResponseBody().write(bytes, 50_000, 50_000);
                });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> client =
                    threads.submit(
                            () -> {
                                HttpResponse<InputStream> response =
                                        edge.stream(FakeOrigin.path(digest));
                                response.body().readAllBytes();
                                return response.statusCode();
                            });
            begun.await();
            apply(origin.events().tell("release.quarantined", RELEASE, digest));
            goOn.countDown();
            edge.awaitMetric("modunest_edge_fills_total{outcome=\"withdrawn\",}", 1);
            if (lengthIsTold) {
                assertThatThrownBy(client::get).hasRootCauseInstanceOf(IOException.class);
            } else {
                assertThat(client.get()).isEqualTo(451);
            }
        }
        assertThat(objects()).isEmpty();
        assertThat(edge.get(FakeOrigin.path(digest)).statusCode()).isEqualTo(451);
    }

    @Test
    void eventsWhileTheEdgeWasDownAreAppliedAtItsStart() throws IOException {
        Digest digest = origin.artifact(TestEdge.bytes(300, 1));
        edge.get(FakeOrigin.path(digest));
        edge.awaitMetric(FILLED, 1);
        apply(origin.events().tell("release.yanked", RELEASE, digest));
        edge.close();
        long serial = origin.events().tell("release.quarantined", RELEASE, digest);
        refuse(FakeOrigin.path(digest), 451);
        restart(settings());
        apply(serial);
        assertThat(objects()).isEmpty();
        assertThat(origin.events().asked().getLast()).isEqualTo(serial - 1);
        assertThat(origin.events().times().getLast()).isEqualTo("2026-11-01T00:00:00Z");
    }

    @Test
    void afterAResetDocumentsAreDroppedAndObjectsAskedForAgain() throws IOException {
        Digest kept = origin.artifact(TestEdge.bytes(300, 1));
        Digest quarantined = origin.artifact(TestEdge.bytes(300, 2));
        Digest deleted = origin.artifact(TestEdge.bytes(300, 3));
        Digest unknown = origin.artifact(TestEdge.bytes(300, 4));
        for (Digest digest : new Digest[] {kept, quarantined, deleted, unknown}) {
            edge.get(FakeOrigin.path(digest));
        }
        edge.awaitMetric(FILLED, 4);
        document(INDEX, "one", 0);
        edge.get(INDEX);
        document(INDEX, "two", 900);
        refuse(FakeOrigin.path(quarantined), 451);
        refuse(FakeOrigin.path(deleted), 410);
        refuse(FakeOrigin.path(unknown), 404);
        origin.events().forget(900);
        apply(900);

        assertThat(TestEdge.text(edge.get(INDEX))).isEqualTo("two");
        TestEdge.await("rechecked", () -> objects().size() == 1);
        assertThat(edge.get(FakeOrigin.path(quarantined)).statusCode()).isEqualTo(451);
        assertThat(edge.get(FakeOrigin.path(deleted)).statusCode()).isEqualTo(410);
        assertThat(edge.get(FakeOrigin.path(unknown)).statusCode()).isEqualTo(404);
        assertThat(cacheStatus(edge.get(FakeOrigin.path(kept)))).endsWith("; hit");
    }

    @Test
    void anObjectIsAskedForUntilTheOriginAnswers() {
        Digest digest = origin.artifact(TestEdge.bytes(300, 1));
        edge.get(FakeOrigin.path(digest));
        edge.awaitMetric(FILLED, 1);
        refuse(FakeOrigin.path(digest), 500);
        origin.events().forget(900);
        TestEdge.await("asked", () -> origin.count("HEAD", FakeOrigin.path(digest)) > 1);
        refuse(FakeOrigin.path(digest), 451);
        TestEdge.await("dropped", () -> objects().isEmpty());
    }

    @Test
    void aRestoredRegistryWithLowerNumbersIsFollowed() {
        for (int i = 0; i < 3; i++) {
            apply(origin.events().tell("release.published", RELEASE));
        }
        document(INDEX, "lost", 3);
        edge.get(INDEX);
        origin.events().forget(1);
        document(INDEX, "restored", 1);
        TestEdge.await("reset", () -> edge.metric(APPLIED) == 1);
        assertThat(TestEdge.text(edge.get(INDEX))).isEqualTo("restored");
        apply(origin.events().tell("release.published", RELEASE));
    }

    @Test
    void anEventThatIsMissingIsAReset() {
        apply(origin.events().tell("release.published", RELEASE));
        document(INDEX, "one", 1);
        edge.get(INDEX);
        document(INDEX, "two", 3);
        origin.events().swallow();
        apply(origin.events().tell("release.published", "acme/other@1.0.0"));
        assertThat(edge.metric(RESETS)).isPositive();
        assertThat(TestEdge.text(edge.get(INDEX))).isEqualTo("two");
    }

    @Test
    void aHeartbeatWhoseEventsDoNotComeIsAReset() {
        apply(origin.events().tell("release.published", RELEASE));
        origin.events().swallow();
        apply(2);
        assertThat(edge.metric(RESETS)).isPositive();
    }

    @Test
    void aBrokenStreamIsOpenedAgainAfterTheLastEvent() {
        apply(origin.events().tell("release.published", RELEASE));
        origin.events().disconnect();
        apply(origin.events().tell("release.published", RELEASE));
        assertThat(origin.events().asked()).contains(1L);
        assertThat(origin.events().times()).contains("2026-11-01T00:00:00Z");
    }

    @Test
    void anEdgeWithoutEventsIsDegradedAndServes() {
        document(INDEX, "one", 0);
        edge.get(INDEX);
        origin.events().refuse(503);
        TestEdge.await("told", () -> ready().contains("\"status\":\"degraded\""));
        assertThat(ready()).contains("not connected: ");
        assertThat(edge.get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(edge.metric(CONNECTED)).isZero();
        assertThat(cacheStatus(edge.get(INDEX))).endsWith("; hit");
        origin.events().refuse(0);
        TestEdge.await("up", () -> ready().contains("\"status\":\"up\""));
    }

    @Test
    void aSilentStreamIsGivenUp() {
        String[] settings = Arrays.copyOf(settings(), settings().length + 2);
        settings[settings.length - 2] = "PURGE_HEARTBEAT_TIMEOUT";
        settings[settings.length - 1] = "300ms";
        restart(settings);
        edge.awaitMetric(CONNECTED, 1);
        int streams = origin.events().asked().size();
        origin.events().silent(true);
        TestEdge.await("given up", () -> origin.events().asked().size() > streams);
        TestEdge.await("told", () -> ready().contains("purge.heartbeat_timeout"));
        origin.events().silent(false);
        edge.awaitMetric(CONNECTED, 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event: release.published\ndata: {\"serial\":1}\n\n",
                "event: serial\ndata: {}\n\n",
                "event: serial\ndata: nonsense\n\n",
                "event: serial\ndata: {\"serial\":\"x\"}\n\n",
            })
    void anEventThatCannotBeReadEndsTheStream(String event) {
        origin.events().say(event);
        TestEdge.await("given up", () -> origin.events().asked().size() > 2);
    }

    @Test
    void anEventOfAnUnknownKindIsReadOver() {
        origin.events().say("event: weather\ndata: {\"fine\":true}\n\n");
        apply(origin.events().tell("release.renamed", RELEASE));
        assertThat(origin.events().asked()).hasSize(1);
    }

    private void apply(long serial) {
        edge.awaitMetric(APPLIED, (double) serial);
    }

    private String ready() {
        return TestEdge.text(edge.get("/health/ready"));
    }

    private void document(String path, String body, long serial) {
        origin.on(path, x -> send(x, body, serial));
    }

    private static void send(com.sun.net.httpserver.HttpExchange x, String body, long serial)
            throws IOException {
        x.getResponseHeaders().set("Cache-Control", CONTRACT);
        x.getResponseHeaders().set("Registry-Serial", Long.toString(serial));
        FakeOrigin.send(x, 200, utf8(body));
    }

    private void refuse(String path, int status) {
        origin.on(
                path,
                x -> {
                    x.getResponseHeaders().set("Cache-Control", "no-store");
                    FakeOrigin.send(x, status, utf8("because"));
                });
    }

    /** The artifacts on disk, which are larger here than all documents. */
    private java.util.List<Path> objects() {
        try (Stream<Path> files = Files.walk(directory.resolve("objects"))) {
            return files.filter(file -> file.toFile().isFile() && file.toFile().length() >= 300)
                    .toList();
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private static String cacheStatus(HttpResponse<byte[]> response) {
        return TestEdge.cacheStatus(response);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
