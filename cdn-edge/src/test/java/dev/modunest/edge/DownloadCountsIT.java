package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;

import dev.modunest.format.Digest;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Downloads are counted once each, whatever happens between edge and origin. */
final class DownloadCountsIT extends EdgeIT {

    private static final String REPORT = "/api/v1/downloads";
    private static final String DROPPED = "modunest_edge_downloads_dropped_total";
    private static final String WAITING = "modunest_edge_download_batches_waiting";

    /** What the origin has counted, by digest, and up to which batch of each source. */
    private final Map<String, Long> counted = new HashMap<>();

    private final Map<String, Long> last = new HashMap<>();
    private final Set<String> days = new HashSet<>();
    private final Digest[] artifacts = new Digest[3];

    @Override
    String[] settings() {
        return new String[] {
            "DOWNLOADS_TOKEN", "shared",
            "DOWNLOADS_INTERVAL", "20ms",
            "DOWNLOADS_RETRY_MAX", "40ms",
            "DOWNLOADS_MAX_DISTINCT", "2",
            "DOWNLOADS_MAX_BATCHES", "3"
        };
    }

    @BeforeEach
    void offerArtifacts() {
        for (int i = 0; i < artifacts.length; i++) {
            artifacts[i] = origin.artifact(TestEdge.bytes(300, i));
        }
        origin.on(REPORT, x -> answer(x, count(x)));
    }

    @Test
    void aDownloadIsAGetThatHasTheFirstByte() {
        String path = FakeOrigin.path(artifacts[0]);
        edge.get(path);
        edge.awaitMetric(FILLED, 1);
        edge.get(path);
        edge.get(path, "Range", "bytes=0-9");
        edge.get(path, "Range", "bytes=20-29,0-9");
        edge.get(path, "Range", "bytes=10-19");
        edge.get(path, "Range", "bytes=900-");
        edge.get(path, "If-None-Match", artifacts[0].entityTag());
        edge.get(path, "Registry-Downloads-Counted", "edge");
        edge.send("HEAD", path);
        awaitCounted(artifacts[0], 4);
        edge.get(path);
        awaitCounted(artifacts[0], 5);
        TestEdge.await("acknowledged", () -> edge.metric(WAITING) == 0);
        assertThat(batches()).isEmpty();
        assertThat(files(".done")).hasSize(1);
    }

    @Test
    void theOriginIsToldWhichFillsNotToCount() throws InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        String path = FakeOrigin.path(artifacts[0]);
        origin.on(
                path,
                x -> {
                    if (x.getRequestHeaders().containsKey("Registry-Downloads-Counted")) {
                        told.countDown();
                    }
                    FakeOrigin.sendArtifact(x, artifacts[0], TestEdge.bytes(300, 0));
                });
        edge.get(path);
        told.await();
    }

    @Test
    void withoutATokenNothingIsCountedAndTheOriginDoes() {
        restart();
        String path = FakeOrigin.path(artifacts[0]);
        AtomicInteger marked = new AtomicInteger();
        origin.on(
                path,
                x -> {
                    if (x.getRequestHeaders().containsKey("Registry-Downloads-Counted")) {
                        marked.incrementAndGet();
                    }
                    FakeOrigin.sendArtifact(x, artifacts[0], TestEdge.bytes(300, 0));
                });
        edge.get(path);
        edge.close();
        assertThat(marked).hasValue(0);
        assertThat(origin.count("POST", REPORT)).isZero();
    }

    @Test
    void everyDayHasItsOwnCount() {
        edge.get(FakeOrigin.path(artifacts[0]));
        awaitCounted(artifacts[0], 1);
        edge.advance(Duration.ofDays(1));
        TestEdge.await(
                "the next day",
                () -> {
                    edge.get(FakeOrigin.path(artifacts[0]));
                    synchronized (counted) {
                        return days.size() == 2;
                    }
                });
    }

    @Test
    void anAnswerThatIsLostIsNotCountedTwice() {
        AtomicInteger lost = new AtomicInteger();
        origin.on(
                REPORT,
                x -> {
                    int status = count(x);
                    if (lost.incrementAndGet() > 3) {
                        answer(x, status);
                    }
                });
        edge.get(FakeOrigin.path(artifacts[0]));
        TestEdge.await("answered", () -> lost.get() > 3 && edge.metric(WAITING) == 0);
        assertThat(counted(artifacts[0])).isOne();
    }

    @Test
    void aBatchOutlivesTheEdgeBeforeItIsSent() {
        origin.on(REPORT, x -> answer(x, 503));
        edge.get(FakeOrigin.path(artifacts[0]));
        edge.awaitMetric(WAITING, 1);
        edge.close();
        origin.on(REPORT, x -> answer(x, count(x)));
        restart(settings());
        awaitCounted(artifacts[0], 1);
    }

    @Test
    void whatIsCountedWhenTheEdgeStopsIsKept() {
        edge.get(FakeOrigin.path(artifacts[0]));
        edge.close();
        restart(settings());
        awaitCounted(artifacts[0], 1);
    }

    @Test
    void anEdgeThatEndsBeforeTheAcknowledgementCountsOnce() throws Exception {
        CountDownLatch received = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        origin.on(
                REPORT,
                x -> {
                    count(x);
                    received.countDown();
                    never.await();
                });
        edge.get(FakeOrigin.path(artifacts[0]));
        received.await();
        edge.close();
        assertThat(batches()).hasSize(1);
        never.countDown();
        AtomicInteger again = new AtomicInteger();
        origin.on(
                REPORT,
                x -> {
                    answer(x, count(x));
                    again.incrementAndGet();
                });
        restart(settings());
        TestEdge.await("sent again", () -> again.get() > 0 && edge.metric(WAITING) == 0);
        assertThat(counted(artifacts[0])).isOne();
        edge.get(FakeOrigin.path(artifacts[0]));
        awaitCounted(artifacts[0], 2);
    }

    @Test
    void anEdgeThatEndsBeforeItNotesTheAcknowledgementCountsOnce() throws IOException {
        edge.get(FakeOrigin.path(artifacts[0]));
        awaitCounted(artifacts[0], 1);
        TestEdge.await("acknowledged", () -> edge.metric(WAITING) == 0);
        edge.close();
        Path done = files(".done").getFirst();
        Files.move(
                done, done.resolveSibling(done.getFileName().toString().replace("done", "json")));
        restart(settings());
        TestEdge.await(
                "sent again",
                () ->
                        edge.metric(
                                        "modunest_edge_download_batches_total{outcome=\"acknowledged\",}")
                                == 1);
        assertThat(counted(artifacts[0])).isOne();
        edge.get(FakeOrigin.path(artifacts[0]));
        awaitCounted(artifacts[0], 2);
    }

    @Test
    void theSpoolIsBoundedAndNothingOfItIsLost() {
        origin.on(REPORT, x -> answer(x, 503));
        for (int i = 1; i <= 8; i++) {
            edge.get(FakeOrigin.path(artifacts[i % 2]));
            int sofar = i;
            TestEdge.await("on disk", () -> spooled() == sofar);
        }
        assertThat(batches()).hasSize(3);
        origin.on(REPORT, x -> answer(x, count(x)));
        awaitCounted(artifacts[0], 4);
        awaitCounted(artifacts[1], 4);
        assertThat(edge.metric(DROPPED)).isZero();
    }

    @Test
    void artifactsPastTheBoundAreToldAsDropped() {
        restart(
                "DOWNLOADS_TOKEN", "shared",
                "DOWNLOADS_INTERVAL", "1h",
                "DOWNLOADS_RETRY_MAX", "1h",
                "DOWNLOADS_MAX_DISTINCT", "2");
        for (Digest artifact : artifacts) {
            edge.get(FakeOrigin.path(artifact));
        }
        edge.awaitMetric(DROPPED, 1);
    }

    @Test
    void aBatchThatTheOriginRefusesMakesRoomForTheNext() {
        AtomicInteger refused = new AtomicInteger();
        origin.on(REPORT, x -> answer(x, refused.incrementAndGet() == 1 ? 413 : count(x)));
        edge.get(FakeOrigin.path(artifacts[0]));
        edge.awaitMetric(DROPPED, 1);
        edge.get(FakeOrigin.path(artifacts[1]));
        awaitCounted(artifacts[1], 1);
    }

    @Test
    void aWrongTokenIsTriedUntilItIsRight() {
        AtomicInteger refused = new AtomicInteger();
        origin.on(REPORT, x -> answer(x, refused.incrementAndGet() < 3 ? 403 : count(x)));
        edge.get(FakeOrigin.path(artifacts[0]));
        awaitCounted(artifacts[0], 1);
    }

    @Test
    void aDamagedBatchDoesNotStandInTheWay() throws IOException {
        origin.on(REPORT, x -> answer(x, 503));
        edge.get(FakeOrigin.path(artifacts[0]));
        edge.awaitMetric(WAITING, 1);
        edge.close();
        Files.writeString(batches().getFirst(), "{\"days\": 1}");
        origin.on(REPORT, x -> answer(x, count(x)));
        restart(settings());
        edge.get(FakeOrigin.path(artifacts[1]));
        awaitCounted(artifacts[1], 1);
    }

    private int count(HttpExchange x) throws IOException {
        if (!"Bearer shared".equals(x.getRequestHeaders().getFirst("Authorization"))) {
            return 403;
        }
        JsonObject batch = new JsonObject(Buffer.buffer(x.getRequestBody().readAllBytes()));
        synchronized (counted) {
            long sequence = batch.getLong("sequence");
            if (sequence <= last.getOrDefault(batch.getString("source"), 0L)) {
                return 200;
            }
            last.put(batch.getString("source"), sequence);
            JsonObject byDay = batch.getJsonObject("days");
            for (String day : byDay.fieldNames()) {
                days.add(day);
                JsonObject of = byDay.getJsonObject(day);
                of.fieldNames()
                        .forEach(digest -> counted.merge(digest, of.getLong(digest), Long::sum));
            }
        }
        return 200;
    }

    private static void answer(HttpExchange x, int status) throws IOException {
        x.getRequestBody().readAllBytes();
        x.sendResponseHeaders(status, -1);
    }

    private long counted(Digest digest) {
        synchronized (counted) {
            return counted.getOrDefault(digest.toString(), 0L);
        }
    }

    private void awaitCounted(Digest digest, long downloads) {
        TestEdge.await("counted", () -> counted(digest) >= downloads);
        assertThat(counted(digest)).isEqualTo(downloads);
    }

    /** Downloads in the files that wait. */
    private long spooled() {
        long downloads = 0;
        for (Path file : batches()) {
            try {
                JsonObject byDay =
                        new JsonObject(Buffer.buffer(Files.readAllBytes(file)))
                                .getJsonObject("days");
                for (String day : byDay.fieldNames()) {
                    JsonObject of = byDay.getJsonObject(day);
                    downloads += of.fieldNames().stream().mapToLong(of::getLong).sum();
                }
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
        return downloads;
    }

    private List<Path> batches() {
        return files(".json");
    }

    private List<Path> files(String end) {
        try (Stream<Path> files = Files.list(directory.resolve("downloads"))) {
            return files.filter(file -> file.toString().endsWith(end)).toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
