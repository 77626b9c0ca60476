package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Metadata: fresh, stale and without the origin. */
final class DocumentIT extends EdgeIT {

    private static final String INDEX = "/index/acme/markdown";
    private static final String CONTRACT =
            "public, max-age=5, stale-while-revalidate=30, stale-if-error=86400";

    @Override
    String[] settings() {
        return new String[] {"RESPONSES_MAX_SHARED", "64KiB"};
    }

    @Test
    void freshDocumentIsServedWithoutTheOrigin() {
        origin.document(INDEX, "one", CONTRACT);
        assertThat(status(edge.get(INDEX))).isEqualTo("modunest-edge; fwd=miss; stored");
        edge.advance(Duration.ofSeconds(4));
        HttpResponse<byte[]> hit = edge.get(INDEX);
        assertThat(status(hit)).isEqualTo("modunest-edge; hit");
        assertThat(TestEdge.text(hit)).isEqualTo("one");
        assertThat(hit.headers().firstValue("Age")).hasValue("4");
        assertThat(hit.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
        assertThat(hit.headers().firstValue("Cache-Control")).hasValue(CONTRACT);
        assertThat(origin.count("GET", INDEX)).isOne();
    }

    @Test
    void logFreshnessAndSignaturesAreServedWithoutTheOriginAfterTheFirstTime() {
        String immutable = "public, max-age=31536000, immutable";
        for (String path :
                new String[] {
                    "/log/2026/tile/0/x001/000",
                    "/tuf/3.snapshot.json",
                    "/tuf/targets/index/acme/0a.markdown.json",
                    "/attest/sha256/" + "0a".repeat(32),
                    "/artifacts/acme/markdown/1.0.0/markdown-1.0.0.jar.sigstore.json",
                    "/artifacts/acme/markdown/1.0.0/markdown-1.0.0.jar.vsa.sigstore.json",
                    "/artifacts/acme/markdown/1.0.0/markdown-1.0.0.jar.provenance.sigstore.json",
                    "/artifacts/acme/markdown/1.0.0/markdown-1.0.0.jar.second.sigstore.json",
                    "/artifacts/acme/markdown/1.0.0/markdown-1.0.0.jar.tlog-proof"
                }) {
            origin.document(path, "signed", immutable);
            assertThat(status(edge.get(path))).endsWith("stored");
            edge.advance(Duration.ofDays(1));
            HttpResponse<byte[]> hit = edge.get(path);
            assertThat(status(hit)).as(path).isEqualTo("modunest-edge; hit");
            assertThat(TestEdge.text(hit)).isEqualTo("signed");
            assertThat(origin.count("GET", path)).isOne();
        }
        origin.document("/log/2026/checkpoint", "head", "public, max-age=1");
        assertThat(status(edge.get("/log/2026/checkpoint"))).endsWith("stored");
        edge.advance(Duration.ofSeconds(2));
        origin.document("/log/2026/checkpoint", "next", "public, max-age=1");
        assertThat(TestEdge.text(edge.get("/log/2026/checkpoint"))).isEqualTo("next");
    }

    @Test
    void aClientThatAsksTooOftenIsToldSoAndNobodyElse() {
        origin.on(
                INDEX,
                x -> {
                    x.getResponseHeaders().set("Cache-Control", CONTRACT);
                    x.getResponseHeaders().set("RateLimit", "\"search\";r=0;t=1");
                    String client = x.getRequestHeaders().getFirst("X-Forwarded-For");
                    boolean often = client.equals("192.0.2.1, 127.0.0.1");
                    FakeOrigin.send(x, often ? 429 : 200, client.getBytes(StandardCharsets.UTF_8));
                });
        HttpResponse<byte[]> refused = edge.get(INDEX, "X-Forwarded-For", "192.0.2.1");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("RateLimit")).isPresent();
        HttpResponse<byte[]> other = edge.get(INDEX, "X-Forwarded-For", "192.0.2.2");
        assertThat(status(other)).isEqualTo("modunest-edge; fwd=miss; stored");
        assertThat(TestEdge.text(other)).isEqualTo("192.0.2.2, 127.0.0.1");
        assertThat(other.headers().firstValue("RateLimit")).isEmpty();
        assertThat(status(edge.get(INDEX))).isEqualTo("modunest-edge; hit");
    }

    @Test
    void matchingTagIsNotModified() {
        origin.document(INDEX, "one", CONTRACT);
        String tag = edge.get(INDEX).headers().firstValue("ETag").orElse("");
        HttpResponse<byte[]> response = edge.get(INDEX, "If-None-Match", tag);
        assertThat(response.statusCode()).isEqualTo(304);
        assertThat(response.headers().firstValue("ETag")).hasValue(tag);
        assertThat(response.headers().firstValue("Content-Type")).isEmpty();
        assertThat(edge.get(INDEX, "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    }

    @Test
    void headIsAnsweredFromTheDocument() {
        origin.document(INDEX, "one", CONTRACT);
        HttpResponse<byte[]> head = edge.send("HEAD", INDEX);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Length")).hasValue("3");
        assertThat(head.body()).isEmpty();
        assertThat(TestEdge.text(edge.get(INDEX))).isEqualTo("one");
        HttpResponse<byte[]> again = edge.send("HEAD", INDEX);
        assertThat(status(again)).endsWith("; hit");
        assertThat(again.headers().firstValue("Content-Length")).hasValue("3");
        assertThat(origin.count("GET", INDEX)).isOne();
        assertThat(origin.count("HEAD", INDEX)).isZero();
    }

    @Test
    void staleDocumentIsServedWhileItIsRevalidated() {
        origin.document(INDEX, "one", CONTRACT);
        edge.get(INDEX);
        origin.document(INDEX, "two", CONTRACT);
        edge.advance(Duration.ofSeconds(6));
        HttpResponse<byte[]> stale = edge.get(INDEX);
        assertThat(TestEdge.text(stale)).isEqualTo("one");
        assertThat(status(stale)).isEqualTo("modunest-edge; hit; detail=stale-while-revalidate");
        TestEdge.await("revalidated", () -> TestEdge.text(edge.get(INDEX)).equals("two"));
    }

    @Test
    void documentPastItsGraceIsRevalidatedFirst() {
        origin.document(INDEX, "one", CONTRACT);
        edge.get(INDEX);
        edge.advance(Duration.ofSeconds(60));
        HttpResponse<byte[]> same = edge.get(INDEX);
        assertThat(status(same)).isEqualTo("modunest-edge; fwd=stale; fwd-status=304; stored");
        assertThat(TestEdge.text(same)).isEqualTo("one");
        assertThat(same.headers().firstValue("Age")).hasValue("0");
        origin.document(INDEX, "two", CONTRACT);
        edge.advance(Duration.ofSeconds(60));
        HttpResponse<byte[]> other = edge.get(INDEX);
        assertThat(status(other)).isEqualTo("modunest-edge; fwd=stale; fwd-status=200; stored");
        assertThat(TestEdge.text(other)).isEqualTo("two");
    }

    @Test
    void clientMayDemandRevalidation() {
        origin.document(INDEX, "one", CONTRACT);
        edge.get(INDEX);
        assertThat(status(edge.get(INDEX, "Cache-Control", "no-cache"))).contains("fwd-status=304");
    }

    @Test
    void staleDocumentStandsInForAFailedOrigin() {
        origin.document(INDEX, "one", CONTRACT);
        edge.get(INDEX);
        edge.advance(Duration.ofSeconds(60));
        origin.on(INDEX, x -> x.sendResponseHeaders(503, -1));
        HttpResponse<byte[]> erroring = edge.get(INDEX);
        assertThat(status(erroring)).isEqualTo("modunest-edge; fwd=stale; detail=stale-if-error");
        assertThat(TestEdge.text(erroring)).isEqualTo("one");
        origin.close();
        assertThat(TestEdge.text(edge.get(INDEX))).isEqualTo("one");
        edge.advance(Duration.ofDays(6));
        assertThat(TestEdge.text(edge.get(INDEX))).isEqualTo("one");
        edge.advance(Duration.ofDays(2));
        HttpResponse<byte[]> tooOld = edge.get(INDEX);
        assertThat(tooOld.statusCode()).isEqualTo(502);
        assertThat(TestEdge.text(tooOld)).contains("origin-unreachable");
    }

    @Test
    void silentOriginIsATimeout() {
        restart("ORIGIN_FIRST_BYTE_TIMEOUT", "300ms");
        CountDownLatch never = new CountDownLatch(1);
        origin.on(INDEX, x -> never.await());
        HttpResponse<byte[]> response = edge.get(INDEX);
        assertThat(response.statusCode()).isEqualTo(504);
        assertThat(TestEdge.text(response))
                .contains("origin-timeout")
                .contains("origin.first_byte_timeout");
        never.countDown();
    }

    @Test
    void errorOfTheOriginIsHandedOnAndNotStored() {
        origin.on(INDEX, x -> FakeOrigin.send(x, 500, utf8("broken")));
        HttpResponse<byte[]> response = edge.get(INDEX);
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(TestEdge.text(response)).isEqualTo("broken");
        origin.document(INDEX, "one", CONTRACT);
        assertThat(TestEdge.text(edge.get(INDEX))).isEqualTo("one");
    }

    @Test
    void unknownDocumentIsRememberedShortly() {
        assertThat(edge.get(INDEX).statusCode()).isEqualTo(404);
        assertThat(edge.get(INDEX).statusCode()).isEqualTo(404);
        assertThat(origin.count("GET", INDEX)).isOne();
        origin.document(INDEX, "one", CONTRACT);
        edge.advance(Duration.ofSeconds(2));
        assertThat(edge.get(INDEX).statusCode()).isEqualTo(200);
    }

    @Test
    void documentThatMayNotBeStoredIsPassedThrough() {
        for (String control : new String[] {"no-store", "private, max-age=5", "no-cache", ""}) {
            String path = "/api/v1/plugins?control=" + control.replaceAll("\\W", "");
            origin.document(path, "one", control);
            for (int i = 0; i < 2; i++) {
                HttpResponse<byte[]> response = edge.get(path);
                assertThat(TestEdge.text(response)).isEqualTo("one");
                assertThat(status(response)).isEqualTo("modunest-edge; fwd=miss");
            }
        }
    }

    @Test
    void documentWithCookieOrVaryIsPassedThrough() {
        origin.on(
                INDEX,
                x -> {
                    x.getResponseHeaders().set("Cache-Control", CONTRACT);
                    x.getResponseHeaders().set("Vary", "Accept-Encoding, Accept");
                    FakeOrigin.send(x, 200, utf8("one"));
                });
        assertThat(status(edge.get(INDEX))).isEqualTo("modunest-edge; fwd=miss");
        origin.on(
                "/api/v1/x",
                x -> {
                    x.getResponseHeaders().set("Cache-Control", CONTRACT);
                    x.getResponseHeaders().set("Set-Cookie", "a=b");
                    FakeOrigin.send(x, 200, utf8("one"));
                });
        HttpResponse<byte[]> cookie = edge.get("/api/v1/x");
        assertThat(status(cookie)).isEqualTo("modunest-edge; fwd=miss");
        assertThat(cookie.headers().firstValue("Set-Cookie")).hasValue("a=b");
    }

    @Test
    void documentOfAnySizeIsStored() {
        byte[] large = TestEdge.bytes(2_000_000, 1);
        origin.on(
                INDEX,
                x -> {
                    x.getResponseHeaders().set("Cache-Control", CONTRACT);
                    x.sendResponseHeaders(200, 0);
                    x.getResponseBody().write(large);
                });
        origin.on(
                "/api/v1/large",
                x -> {
                    x.getResponseHeaders().set("Cache-Control", CONTRACT);
                    FakeOrigin.send(x, 200, large);
                });
        for (String path : new String[] {INDEX, "/api/v1/large"}) {
            assertThat(edge.get(path).body()).isEqualTo(large);
            HttpResponse<byte[]> hit = edge.get(path);
            assertThat(hit.body()).isEqualTo(large);
            assertThat(status(hit)).isEqualTo("modunest-edge; hit");
            assertThat(origin.count("GET", path)).isOne();
        }
    }

    @Test
    void requestWithCredentialsGoesToTheOrigin() {
        origin.document("/api/v1/me", "me", CONTRACT);
        for (int i = 0; i < 2; i++) {
            assertThat(status(edge.get("/api/v1/me", "Authorization", "Bearer t")))
                    .isEqualTo("modunest-edge; fwd=bypass");
            assertThat(status(edge.get("/api/v1/me", "Cookie", "s=1")))
                    .isEqualTo("modunest-edge; fwd=bypass");
        }
        assertThat(origin.count("GET", "/api/v1/me")).isEqualTo(4);
    }

    @Test
    void manyClientsShareOneFlight() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        restart();
        origin.on(
                INDEX,
                x -> {
                    asked.countDown();
                    answer.await();
                    x.getResponseHeaders().set("Cache-Control", CONTRACT);
                    FakeOrigin.send(x, 200, utf8("one"));
                });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<byte[]>>> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                answers.add(threads.submit(() -> edge.get(INDEX)));
            }
            asked.await();
            answer.countDown();
            for (Future<HttpResponse<byte[]>> each : answers) {
                assertThat(TestEdge.text(each.get())).isEqualTo("one");
            }
        }
        assertThat(origin.count("GET", INDEX)).isOne();
    }

    private static String status(HttpResponse<byte[]> response) {
        return TestEdge.cacheStatus(response);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
