package dev.modunest.edge;

import static dev.modunest.edge.TestEdge.cacheStatus;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;

import dev.modunest.format.Digest;
import dev.modunest.format.http.SignedArtifactUrl;
import dev.modunest.format.sign.Ed25519KeySet;
import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.sign.VerifyingKey;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Private artifacts are kept, and served to those alone who prove that they may have them. */
final class PrivateArtifactIT extends EdgeIT {

    private static final String KEYS = "/.well-known/artifact-url-keys.json";
    private static final String TOKEN = "token-of-the-edges";
    private static final String RELEASE = "acme/secret@1.0.0";
    private static final String[] SETTINGS = {
        "ACCESS_TOKEN", TOKEN, "PURGE_RECONNECT_MIN", "1ms", "PURGE_RECONNECT_MAX", "20ms"
    };

    private static final Signer SIGNER = signer();
    private static final Signer OTHER = signer();

    private final byte[] bytes = TestEdge.bytes(50_000, 1);
    private final Digest digest = Digest.ofBytes(bytes);

    private static Signer signer() {
        return new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ED25519));
    }

    /** With keys, since they are asked for at the start. */
    @BeforeEach
    @Override
    void startOriginAndEdge() {
        origin = new FakeOrigin();
        offerKeys(SIGNER.key());
        offerPrivate(digest, bytes);
        edge = new TestEdge(origin.uri(), directory, SETTINGS);
    }

    private void offerKeys(VerifyingKey... keys) {
        byte[] document = Ed25519KeySet.write(List.of(keys)).getBytes(StandardCharsets.UTF_8);
        origin.on(KEYS, x -> FakeOrigin.send(x, 200, document));
    }

    private void offerPrivate(Digest of, byte[] content) {
        origin.on(FakeOrigin.path(of), x -> answer(x, of, content));
    }

    /** As the origin answers edges that may keep private artifacts, and all others. */
    private static void answer(HttpExchange x, Digest of, byte[] content) throws IOException {
        if (("Bearer " + TOKEN).equals(x.getRequestHeaders().getFirst("Authorization"))) {
            FakeOrigin.artifactHeaders(x, of);
            x.getResponseHeaders().set("Cache-Control", "private, no-cache");
            x.getResponseHeaders().set("Vary", "Authorization, Cookie");
            x.getResponseHeaders().set("Registry-Access", "private");
            FakeOrigin.send(x, 200, content);
        } else {
            FakeOrigin.send(x, 404, "none".getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String url(Digest of, Instant expires, Signer by, VerifyingKey named) {
        return SignedArtifactUrl.sign(of, expires, Ed25519KeySet.kid(named), by).toString();
    }

    private static String url(Digest of) {
        return url(of, Instant.now().plus(Duration.ofMinutes(10)), SIGNER, SIGNER.key());
    }

    private int fetches() {
        return origin.count("GET", FakeOrigin.path(digest));
    }

    private List<String> objects() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("objects"))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    private void fill() {
        double before = edge.metric(FILLED);
        assertThat(edge.get(url(digest)).body()).isEqualTo(bytes);
        edge.awaitMetric(FILLED, before + 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 400_000})
    void whoHasASignedUrlIsServedFromOneFetch(int size) throws IOException {
        byte[] content = TestEdge.bytes(size, 2);
        Digest of = Digest.ofBytes(content);
        offerPrivate(of, content);
        HttpResponse<byte[]> first = edge.get(url(of));
        assertThat(first.body()).isEqualTo(content);
        assertThat(cacheStatus(first)).endsWith("fwd=miss; stored");
        edge.awaitMetric(FILLED, 1);

        HttpResponse<byte[]> hit = edge.get(url(of));
        assertThat(hit.body()).isEqualTo(content);
        assertThat(cacheStatus(hit)).endsWith("; hit");
        assertThat(hit.headers().firstValue("Cache-Control")).hasValue("private, no-cache");
        assertThat(hit.headers().firstValue("Vary")).hasValue("Authorization, Cookie");
        assertThat(hit.headers().firstValue("Registry-Access")).isEmpty();
        HttpResponse<byte[]> range = edge.get(url(of), "Range", "bytes=10-19");
        assertThat(range.statusCode()).isEqualTo(206);
        assertThat(range.body()).isEqualTo(Arrays.copyOfRange(content, 10, 20));
        HttpResponse<byte[]> head = edge.send("HEAD", url(of));
        assertThat(head.headers().firstValue("Content-Length")).hasValue("" + size);
        assertThat(cacheStatus(head)).endsWith("; hit");
        assertThat(origin.count("GET", FakeOrigin.path(of))).isEqualTo(1);
        assertThat(objects()).contains(of.hex() + "." + size + ".private");
    }

    @Test
    void whoProvesNothingGetsTheOriginsAnswer() {
        fill();
        assertThat(edge.get(FakeOrigin.path(digest)).statusCode()).isEqualTo(404);
        assertThat(
                        edge.get(FakeOrigin.path(digest), "Authorization", "Bearer someone")
                                .statusCode())
                .isEqualTo(404);
        assertThat(edge.send("HEAD", FakeOrigin.path(digest)).statusCode()).isEqualTo(404);
        assertThat(edge.get(FakeOrigin.path(digest), "Range", "bytes=0-0").statusCode())
                .isEqualTo(404);
        assertThat(
                        edge.get(FakeOrigin.path(digest), "If-None-Match", digest.entityTag())
                                .statusCode())
                .isEqualTo(404);
    }

    @Test
    void whatIsNoProofIsAskedOfTheOriginAsItIs() {
        fill();
        String good = url(digest);
        Instant now = Instant.now();
        for (String bad :
                new String[] {
                    good.replace("exp=1", "exp=2"),
                    url(digest, now.minusSeconds(60), SIGNER, SIGNER.key()),
                    url(digest, now.plus(Duration.ofHours(2)), SIGNER, SIGNER.key()),
                    url(digest, now.plusSeconds(60), OTHER, SIGNER.key()),
                    url(digest, now.plusSeconds(60), OTHER, OTHER.key()),
                    good + "&more=1",
                    FakeOrigin.path(digest) + url(Digest.ofBytes(new byte[1])).substring(82),
                }) {
            assertThat(edge.get(bad).statusCode()).as(bad).isEqualTo(404);
        }
        // What the origin takes is handed on.
        String foreign = url(digest, now.plusSeconds(90), OTHER, OTHER.key());
        origin.on(foreign, x -> FakeOrigin.sendArtifact(x, digest, bytes));
        assertThat(edge.get(foreign).body()).isEqualTo(bytes);
    }

    @Test
    void theMarkOutlivesARestart() throws IOException {
        fill();
        restart(SETTINGS);
        int before = fetches();
        assertThat(cacheStatus(edge.get(url(digest)))).endsWith("; hit");
        assertThat(fetches()).isEqualTo(before);
        assertThat(edge.get(FakeOrigin.path(digest)).statusCode()).isEqualTo(404);

        restart();
        assertThat(edge.get(url(digest)).statusCode()).isEqualTo(404);
        assertThat(edge.get(FakeOrigin.path(digest)).statusCode()).isEqualTo(404);
    }

    @Test
    void anObjectWithBothMarksIsPrivate() throws IOException {
        fill();
        String name = digest.hex() + "." + bytes.length;
        Path file = directory.resolve("objects").resolve(name.substring(0, 2)).resolve(name);
        edge.close();
        Files.write(file, bytes);
        restart(SETTINGS);
        assertThat(edge.get(FakeOrigin.path(digest)).statusCode()).isEqualTo(404);
        assertThat(objects()).containsExactly(name + ".private");
    }

    @Test
    void goneTheOriginIsNotNeededForAWhile() {
        fill();
        assertThat(edge.metric("modunest_edge_access_keys_age_seconds")).isZero();
        origin.close();
        HttpResponse<byte[]> served = edge.get(url(digest));
        assertThat(served.body()).isEqualTo(bytes);
        assertThat(cacheStatus(served)).endsWith("; hit");
        assertThat(edge.get(FakeOrigin.path(digest)).statusCode()).isGreaterThanOrEqualTo(502);

        edge.advance(Duration.ofDays(2));
        Instant later = Instant.now().plus(Duration.ofDays(2)).plusSeconds(60);
        assertThat(edge.get(url(digest, later, SIGNER, SIGNER.key())).statusCode())
                .isGreaterThanOrEqualTo(502);
    }

    @Test
    void aNewKeyIsAskedForOnceInAWhile() {
        fill();
        int before = origin.count("GET", KEYS);
        offerKeys(SIGNER.key(), OTHER.key());
        String fresh = url(digest, Instant.now().plusSeconds(600), OTHER, OTHER.key());
        assertThat(edge.get(fresh).statusCode()).isEqualTo(404);
        assertThat(origin.count("GET", KEYS)).isEqualTo(before);
        edge.advance(Duration.ofSeconds(11));
        assertThat(edge.get(fresh).body()).isEqualTo(bytes);
        Signer unknown = signer();
        for (int i = 0; i < 5; i++) {
            String bogus = url(digest, Instant.now().plusSeconds(600 + i), unknown, unknown.key());
            assertThat(edge.get(bogus).statusCode()).isEqualTo(404);
        }
        assertThat(origin.count("GET", KEYS)).isEqualTo(before + 1);
    }

    @Test
    void withoutKeysNothingIsProven() throws IOException {
        for (String keys : new String[] {"", "{}", "{\"keys\":[]}"}) {
            origin.on(KEYS, x -> FakeOrigin.send(x, 200, keys.getBytes(StandardCharsets.UTF_8)));
            restart(SETTINGS);
            assertThat(edge.get(url(digest)).statusCode()).isEqualTo(404);
        }
        origin.on(KEYS, x -> FakeOrigin.send(x, 503, new byte[0]));
        restart(SETTINGS);
        assertThat(edge.get(url(digest)).statusCode()).isEqualTo(404);
        assertThat(objects()).isEmpty();
    }

    @Test
    void anEdgeThatTheOriginDoesNotTrustPassesOn() throws IOException {
        AtomicInteger tried = new AtomicInteger();
        origin.on(
                FakeOrigin.path(digest),
                x -> {
                    boolean withToken = x.getRequestHeaders().containsKey("Authorization");
                    tried.addAndGet(withToken ? 1 : 0);
                    FakeOrigin.send(x, withToken ? 401 : 404, new byte[0]);
                });
        String good = url(digest);
        origin.on(
                good,
                x -> {
                    FakeOrigin.artifactHeaders(x, digest);
                    x.getResponseHeaders().set("Cache-Control", "private, no-cache");
                    FakeOrigin.send(x, 200, bytes);
                });
        for (int i = 0; i < 2; i++) {
            assertThat(edge.get(good).body()).isEqualTo(bytes);
        }
        assertThat(origin.count("GET", good)).isEqualTo(2);
        assertThat(tried).hasValue(1);
        edge.advance(Duration.ofMinutes(5).plusSeconds(1));
        assertThat(edge.get(good).body()).isEqualTo(bytes);
        assertThat(tried).hasValue(2);
        assertThat(objects()).isEmpty();
    }

    @Test
    void manyWaitForOneFetchAndOthersDoNotSeeIt() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        origin.on(
                FakeOrigin.path(digest),
                x -> {
                    if (x.getRequestHeaders().containsKey("Authorization")) {
                        asked.countDown();
                        go.await();
                    }
                    answer(x, digest, bytes);
                });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<byte[]>>> waiting = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                waiting.add(threads.submit(() -> edge.get(url(digest))));
            }
            asked.await();
            assertThat(edge.get(FakeOrigin.path(digest)).statusCode()).isEqualTo(404);
            go.countDown();
            for (Future<HttpResponse<byte[]>> one : waiting) {
                assertThat(one.get().body()).isEqualTo(bytes);
            }
        }
        assertThat(fetches()).isEqualTo(2);
    }

    @Test
    void anEventMarksAnew() throws IOException {
        edge.awaitMetric("modunest_edge_stream_connected", 1);
        origin.artifact(bytes);
        double before = edge.metric(FILLED);
        assertThat(edge.get(FakeOrigin.path(digest)).body()).isEqualTo(bytes);
        edge.awaitMetric(FILLED, before + 1);

        offerPrivate(digest, bytes);
        apply(origin.events().tell("release.hidden", RELEASE, digest));
        assertThat(edge.get(FakeOrigin.path(digest)).statusCode()).isEqualTo(404);
        fill();
        assertThat(objects()).containsExactly(digest.hex() + "." + bytes.length + ".private");
        assertThat(edge.get(FakeOrigin.path(digest)).statusCode()).isEqualTo(404);

        origin.artifact(bytes);
        apply(origin.events().tell("release.shown", RELEASE, digest));
        HttpResponse<byte[]> shown = edge.get(FakeOrigin.path(digest));
        assertThat(shown.body()).isEqualTo(bytes);
        assertThat(shown.headers().firstValue("Cache-Control").orElseThrow()).startsWith("public");
        edge.awaitMetric(FILLED, before + 3);
        assertThat(objects()).containsExactly(digest.hex() + "." + bytes.length);

        apply(origin.events().tell("release.quarantined", RELEASE, digest));
        assertThat(edge.get(FakeOrigin.path(digest)).statusCode()).isEqualTo(451);
    }

    private void apply(long serial) {
        edge.awaitMetric("modunest_edge_applied_serial", (double) serial);
    }

    @Test
    void whatTheOriginStillCallsPrivateStaysAfterMissedEvents() throws IOException {
        edge.awaitMetric("modunest_edge_stream_connected", 1);
        fill();
        byte[] shown = TestEdge.bytes(300, 7);
        Digest of = Digest.ofBytes(shown);
        offerPrivate(of, shown);
        assertThat(edge.get(url(of)).body()).isEqualTo(shown);
        edge.awaitMetric(FILLED, 2);
        origin.artifact(shown);

        origin.events().forget(100);
        apply(100);
        TestEdge.await(
                "objects are asked for",
                () ->
                        origin.count("HEAD", FakeOrigin.path(of)) > 0
                                && origin.count("HEAD", FakeOrigin.path(digest)) > 0
                                && edge.metric("modunest_edge_rechecks_waiting") == 0);
        int before = fetches();
        assertThat(cacheStatus(edge.get(url(digest)))).endsWith("; hit");
        assertThat(fetches()).isEqualTo(before);
        assertThat(edge.get(FakeOrigin.path(of)).body()).isEqualTo(shown);
    }

    @Test
    void anEdgeBehindTheEdgeIsServedAndToldForWhomItIs() throws IOException {
        fill();
        HttpResponse<byte[]> served =
                edge.get(FakeOrigin.path(digest), "Authorization", "Bearer " + TOKEN);
        assertThat(cacheStatus(served)).endsWith("; hit");
        assertThat(served.headers().firstValue("Registry-Access")).hasValue("private");

        try (TestEdge behind =
                new TestEdge(
                        edge.server().uri(),
                        Files.createDirectory(directory.resolve("behind")),
                        "ACCESS_TOKEN",
                        TOKEN,
                        "CDN_ID",
                        "behind")) {
            assertThat(behind.get(url(digest)).body()).isEqualTo(bytes);
            behind.awaitMetric(FILLED, 1);
            assertThat(cacheStatus(behind.get(url(digest)))).endsWith("; hit");
            assertThat(behind.get(FakeOrigin.path(digest)).statusCode()).isEqualTo(404);
        }
        assertThat(fetches()).isLessThanOrEqualTo(3);
    }
}
