package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.Digest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** One flight per object, and what its followers get while it lasts. */
final class FillIT extends EdgeIT {

    private static final int SIZE = 2 << 20;
    private static final int HALF = SIZE / 2;

    private final CountDownLatch second = new CountDownLatch(1);
    private final byte[] bytes = TestEdge.bytes(SIZE, 1);

    @Override
    String[] settings() {
        return new String[] {"FILL_MAX_CONCURRENT", "2"};
    }

    @Test
    void manyClientsCauseOneFetchAndAreFedWhileItLasts() throws Exception {
        Digest digest = offerInHalves();
        int clients = 200;
        CountDownLatch fed = new CountDownLatch(clients);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<byte[]>> answers = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                answers.add(
                        threads.submit(
                                () -> {
                                    try (InputStream in =
                                            edge.stream(FakeOrigin.path(digest)).body()) {
                                        byte[] first = in.readNBytes(HALF);
                                        fed.countDown();
                                        byte[] rest = in.readAllBytes();
                                        byte[] all = Arrays.copyOf(first, HALF + rest.length);
                                        System.arraycopy(rest, 0, all, HALF, rest.length);
                                        return all;
                                    }
                                }));
            }
            assertThat(fed.await(20, TimeUnit.SECONDS)).isTrue();
            second.countDown();
            for (Future<byte[]> answer : answers) {
                assertThat(Digest.ofBytes(answer.get())).isEqualTo(digest);
            }
        }
        assertThat(origin.count("GET", FakeOrigin.path(digest))).isOne();
    }

    @Test
    void rangesShareTheFillAndBeginBeforeItEnds() throws Exception {
        Digest digest = offerInHalves();
        String request =
                "GET "
                        + FakeOrigin.path(digest)
                        + " HTTP/1.1\r\nHost: e\r\nConnection: close\r\nRange: bytes=100-199\r\n\r\n";
        try (Socket first = edge.raw(request);
                Socket other = edge.raw(request.replace("100-199", "0-1,10-11"))) {
            String begun = readUntilBody(first.getInputStream());
            assertThat(begun).startsWith("HTTP/1.1 206").contains("bytes 100-199/" + SIZE);
            byte[] early = first.getInputStream().readNBytes(99);
            assertThat(early).isEqualTo(Arrays.copyOfRange(bytes, 100, 199));
            second.countDown();
            assertThat(first.getInputStream().readAllBytes()).containsExactly(bytes[199]);
            assertThat(TestEdge.latin(other))
                    .contains("multipart/byteranges")
                    .contains("bytes 10-11/" + SIZE);
        }
        assertThat(origin.count("GET", FakeOrigin.path(digest))).isOne();
    }

    @Test
    void validatorsAndUnsatisfiableRangesAreAnsweredWhileItFills() throws Exception {
        Digest digest = offerInHalves();
        String path = FakeOrigin.path(digest);
        HttpResponse<InputStream> follower = edge.stream(path);
        HttpResponse<byte[]> beyond = edge.get(path, "Range", "bytes=" + SIZE + "-");
        assertThat(beyond.statusCode()).isEqualTo(416);
        assertThat(beyond.headers().firstValue("Content-Range")).hasValue("bytes */" + SIZE);
        second.countDown();
        try (InputStream body = follower.body()) {
            assertThat(body.readAllBytes()).isEqualTo(bytes);
        }
    }

    @Test
    void clientThatLeavesDoesNotEndTheFillOfOthers() throws Exception {
        Digest digest = offerInHalves();
        HttpResponse<InputStream> leader = edge.stream(FakeOrigin.path(digest));
        HttpResponse<InputStream> follower = edge.stream(FakeOrigin.path(digest));
        leader.body().readNBytes(1000);
        leader.body().close();
        second.countDown();
        assertThat(TestEdge.cacheStatus(follower)).isEqualTo("modunest-edge; fwd=miss; collapsed");
        try (InputStream body = follower.body()) {
            assertThat(body.readAllBytes()).isEqualTo(bytes);
        }
        edge.awaitMetric(FILLED, 1);
    }

    @Test
    void slowClientHoldsUpNobodyAndStillGetsAll() throws Exception {
        byte[] large = TestEdge.bytes(32 << 20, 2);
        Digest digest = origin.artifact(large);
        String request =
                "GET "
                        + FakeOrigin.path(digest)
                        + " HTTP/1.1\r\nHost: e\r\nConnection: close\r\n\r\n";
        try (Socket slow = edge.raw(request)) {
            String head = readUntilBody(slow.getInputStream());
            assertThat(head).startsWith("HTTP/1.1 200");
            assertThat(edge.get(FakeOrigin.path(digest)).body()).isEqualTo(large);
            edge.awaitMetric(FILLED, 1);
            byte[] late = slow.getInputStream().readAllBytes();
            assertThat(Digest.ofBytes(late)).isEqualTo(digest);
        }
    }

    @Test
    void stalledOriginAbortsTheFollowers() throws Exception {
        restart("ORIGIN_IDLE_TIMEOUT", "300ms");
        Digest digest = offerInHalves();
        try (InputStream body = edge.stream(FakeOrigin.path(digest)).body()) {
            assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
        }
        second.countDown();
        edge.awaitMetric("modunest_edge_fills_total{outcome=\"broken-off\",}", 1);
        assertThat(edge.metric("modunest_edge_tier_objects{tier=\"disk\",}")).isZero();
    }

    @Test
    void oneFillTooManyIsRefusedWithTheTimeToRetry() throws Exception {
        Digest one = offerInHalves();
        byte[] others = TestEdge.bytes(SIZE, 3);
        Digest two = Digest.ofBytes(others);
        offerInHalves(two, others);
        HttpResponse<InputStream> first = edge.stream(FakeOrigin.path(one));
        HttpResponse<InputStream> next = edge.stream(FakeOrigin.path(two));
        HttpResponse<byte[]> third =
                edge.get(FakeOrigin.path(origin.artifact(TestEdge.bytes(10, 4))));
        assertThat(third.statusCode()).isEqualTo(503);
        assertThat(third.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(TestEdge.text(third)).contains("fill.max_concurrent");
        second.countDown();
        assertThat(first.body().readAllBytes()).isEqualTo(bytes);
        assertThat(next.body().readAllBytes()).isEqualTo(others);
    }

    private Digest offerInHalves() {
        Digest digest = Digest.ofBytes(bytes);
        offerInHalves(digest, bytes);
        return digest;
    }

    private void offerInHalves(Digest digest, byte[] body) {
        origin.on(
                FakeOrigin.path(digest),
                x -> {
                    FakeOrigin.artifactHeaders(x, digest);
                    x.sendResponseHeaders(200, body.length);
                    x.getResponseBody().write(body, 0, HALF);
                    x.getResponseBody().flush();
                    second.await();
                    x.getResponseBody().write(body, HALF, body.length - HALF);
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aBodyThatIsCutOffGoesOnWhereItEnded(int cuts) {
        byte[] bytes = TestEdge.bytes(3_000_000, 77);
        Digest digest = Digest.ofBytes(bytes);
        List<String> ranges = new CopyOnWriteArrayList<>();
        origin.on(
                FakeOrigin.path(digest),
                x -> {
                    FakeOrigin.artifactHeaders(x, digest);
                    String range = x.getRequestHeaders().getFirst("Range");
                    int from =
                            range == null
                                    ? 0
                                    : Integer.parseInt(range.substring(6, range.length() - 1));
                    if (range != null) {
                        ranges.add(range);
                        x.getResponseHeaders()
                                .set("Content-Range", "bytes " + from + "-2999999/3000000");
                    }
                    x.sendResponseHeaders(range == null ? 200 : 206, bytes.length - from);
                    int length = ranges.size() < cuts ? 500_000 : bytes.length - from;
                    x.getResponseBody().write(bytes, from, length);
                    x.getResponseBody().flush();
                });
        assertThat(edge.get(FakeOrigin.path(digest)).body()).isEqualTo(bytes);
        assertThat(ranges).hasSizeGreaterThanOrEqualTo(cuts);
        edge.awaitMetric(FILLED, 1);
        assertThat(TestEdge.cacheStatus(edge.get(FakeOrigin.path(digest)))).endsWith("; hit");
    }

    private static String readUntilBody(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        return head.toString();
    }
}
