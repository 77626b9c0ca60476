package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Several servers that are the origin, some of which fail. */
final class OriginsIT {

    /** No probe, and no second trial, comes in the way of a test. */
    private static final String[] ALONE = {
        "ORIGIN_PROBE_INTERVAL", "1h",
        "ORIGIN_BREAKER_OPEN_FOR", "1h",
        "ORIGIN_BREAKER_OPEN_MAX", "1h",
        "ORIGIN_FIRST_BYTE_TIMEOUT", "300ms",
        "PURGE_RECONNECT_MIN", "1h",
        "PURGE_RECONNECT_MAX", "1h"
    };

    private static final String REFUSED = "modunest_edge_origin_retries_total{kind=\"refused\",}";

    @TempDir Path directory;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    @AfterEach
    void stop() throws Exception {
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }

    @Test
    void requestsOfOneThatIsGoneAreAnsweredByAnother() {
        FakeOrigin gone = closing(new FakeOrigin());
        URI dead = gone.uri();
        gone.close();
        FakeOrigin alive = origin("fine");
        TestEdge edge = edge(ALONE, dead, alive.uri());
        for (int i = 0; i < 50; i++) {
            assertThat(edge.get("/x/" + i % 10).statusCode()).isEqualTo(200);
        }
        assertThat(edge.metric(of("breaker", dead))).isEqualTo(2);
        assertThat(edge.metric(of("breaker", alive.uri()))).isZero();
        assertThat(edge.metric("modunest_edge_origin_retries_total{kind=\"retry\",}")).isPositive();
    }

    @Test
    void silentOneIsTreatedAsADeadOne() {
        SilentOrigin silent = closing(new SilentOrigin());
        FakeOrigin alive = origin("fine");
        TestEdge edge = edge(ALONE, silent.uri(), alive.uri());
        for (int i = 0; edge.metric(of("breaker", silent.uri())) == 0; i++) {
            assertThat(edge.get("/index/" + i % 100).statusCode()).isEqualTo(200);
        }
        int asked = silent.connections();
        for (int i = 0; i < 30; i++) {
            assertThat(edge.get("/x/" + i % 10).statusCode()).isEqualTo(200);
        }
        assertThat(silent.connections()).isEqualTo(asked);
    }

    @Test
    void thoseWhoWaitForASilentOneLeaveItTogether() throws Exception {
        SilentOrigin silent = closing(new SilentOrigin());
        TestEdge edge = edge(with(ALONE, "ORIGIN_FIRST_BYTE_TIMEOUT", "1s"), silent.uri());
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<byte[]>>> waiting = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                String path = "/index/" + i;
                waiting.add(clients.submit(() -> edge.get(path)));
            }
            for (Future<HttpResponse<byte[]>> each : waiting) {
                assertThat(each.get().statusCode()).isEqualTo(504);
            }
        }
        int asked = silent.connections();
        HttpResponse<byte[]> atOnce = edge.get("/index/after");
        assertThat(atOnce.statusCode()).isEqualTo(504);
        assertThat(TestEdge.text(atOnce)).contains("origin-timeout", "left alone for now");
        assertThat(silent.connections()).isEqualTo(asked);
    }

    @Test
    void staleIsServedAtOnceWhenAllAreOut() {
        AtomicBoolean silent = new AtomicBoolean();
        CountDownLatch end = new CountDownLatch(1);
        parts.push(end::countDown);
        FakeOrigin origin = closing(new FakeOrigin());
        AtomicInteger asked = new AtomicInteger();
        origin.on(
                "/index/acme/a",
                x -> {
                    if (silent.get()) {
                        asked.incrementAndGet();
                        end.await();
                    }
                    x.getResponseHeaders().set("Cache-Control", "max-age=1, stale-if-error=600");
                    FakeOrigin.send(x, 200, utf8("old"));
                });
        TestEdge edge = edge(ALONE, origin.uri());
        assertThat(edge.get("/index/acme/a").statusCode()).isEqualTo(200);
        silent.set(true);
        edge.advance(Duration.ofSeconds(5));
        for (int i = 0; i < 3; i++) {
            HttpResponse<byte[]> stale = edge.get("/index/acme/a");
            assertThat(TestEdge.text(stale)).isEqualTo("old");
            assertThat(TestEdge.cacheStatus(stale)).contains("stale-if-error");
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void breakerClosesWhenATrialIsAnswered() {
        AtomicBoolean failing = new AtomicBoolean(true);
        FakeOrigin origin = closing(new FakeOrigin());
        origin.on(
                "/x",
                x -> {
                    if (failing.get()) {
                        throw new IOException("no answer");
                    }
                    FakeOrigin.send(x, 200, utf8("fine"));
                });
        TestEdge edge =
                edge(
                        new String[] {
                            "ORIGIN_PROBE_INTERVAL", "1h",
                            "ORIGIN_BREAKER_FAILURES", "2",
                            "ORIGIN_BREAKER_OPEN_FOR", "20ms",
                            "ORIGIN_BREAKER_OPEN_MAX", "20ms"
                        },
                        origin.uri());
        while (edge.metric(of("breaker", origin.uri())) == 0) {
            assertThat(edge.get("/x").statusCode()).isEqualTo(502);
        }
        failing.set(false);
        TestEdge.await("the origin is back", () -> edge.get("/x").statusCode() == 200);
        assertThat(edge.metric(of("breaker", origin.uri()))).isZero();
    }

    @Test
    void probesTakeAServerOutAndBringItBack() {
        AtomicBoolean bad = new AtomicBoolean(true);
        FakeOrigin first = origin("fine");
        first.on("/health/live", x -> FakeOrigin.send(x, bad.get() ? 503 : 200, utf8("")));
        FakeOrigin second = origin("fine");
        TestEdge edge =
                edge(new String[] {"ORIGIN_PROBE_INTERVAL", "10ms"}, first.uri(), second.uri());
        TestEdge.await("down", () -> edge.metric(of("up", first.uri())) == 0);
        for (int i = 0; i < 20; i++) {
            assertThat(edge.get("/x/" + i % 10).statusCode()).isEqualTo(200);
        }
        assertThat(asked(first)).isZero();
        bad.set(false);
        edge.awaitMetric(of("up", first.uri()), 1);
        TestEdge.await(
                "asked again", () -> edge.get("/x/1").statusCode() == 200 && asked(first) > 0);
    }

    @Test
    void secondServerIsAskedWhenTheFirstIsLate() {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger slow = new AtomicInteger();
        List<FakeOrigin> origins = List.of(origin("fine"), origin("fine"));
        for (FakeOrigin origin : origins) {
            for (int i = 0; i < 20; i++) {
                origin.document("/index/warm/" + i, "fast", "max-age=60");
            }
            origin.on(
                    "/index/slow",
                    x -> {
                        if (slow.incrementAndGet() == 1) {
                            end.await();
                        }
                        x.getResponseHeaders().set("Cache-Control", "max-age=60");
                        FakeOrigin.send(x, 200, utf8("hedged"));
                    });
        }
        TestEdge edge =
                edge(
                        new String[] {"ORIGIN_HEDGE_SAMPLES", "10", "ORIGIN_PROBE_INTERVAL", "1h"},
                        origins.get(0).uri(),
                        origins.get(1).uri());
        for (int i = 0; i < 20; i++) {
            assertThat(edge.get("/index/warm/" + i).statusCode()).isEqualTo(200);
        }
        try {
            assertThat(TestEdge.text(edge.get("/index/slow"))).isEqualTo("hedged");
            assertThat(slow).hasValue(2);
            assertThat(edge.metric("modunest_edge_origin_retries_total{kind=\"hedge\",}"))
                    .isPositive();
            TestEdge.await(
                    "the loser is cancelled",
                    () ->
                            edge.metric(of("load", origins.get(0).uri()))
                                            + edge.metric(of("load", origins.get(1).uri()))
                                    <= 1);
        } finally {
            end.countDown();
        }
    }

    @Test
    void keyKeepsItsServer() {
        FakeOrigin first = origin("fine");
        FakeOrigin second = origin("fine");
        TestEdge edge =
                edge(
                        new String[] {
                            "ORIGIN_CHOICE", "consistent_hash", "ORIGIN_PROBE_INTERVAL", "1h"
                        },
                        first.uri(),
                        second.uri());
        for (int i = 0; i < 30; i++) {
            assertThat(edge.get("/x/" + i % 10).statusCode()).isEqualTo(200);
        }
        for (int i = 0; i < 10; i++) {
            assertThat(List.of(first.count("GET", "/x/" + i), second.count("GET", "/x/" + i)))
                    .containsExactlyInAnyOrder(0, 3);
        }
    }

    @Test
    void nothingIsAskedTwiceWithoutBudget() {
        FakeOrigin gone = closing(new FakeOrigin());
        URI dead = gone.uri();
        gone.close();
        TestEdge edge =
                edge(
                        with(
                                ALONE,
                                "ORIGIN_RETRY_BUDGET_PERCENT",
                                "0",
                                "ORIGIN_RETRY_BUDGET_RESERVE",
                                "0"),
                        dead,
                        origin("fine").uri());
        for (int i = 0; edge.metric(of("breaker", dead)) == 0; i++) {
            assertThat(edge.get("/index/" + i).statusCode()).isIn(200, 404, 502);
        }
        assertThat(edge.metric(REFUSED)).isPositive();
    }

    @Test
    void exchangeThatDoesNotEndIsBrokenOff() {
        FakeOrigin origin = closing(new FakeOrigin());
        AtomicBoolean over = new AtomicBoolean();
        parts.push(() -> over.set(true));
        origin.on(
                "/endless",
                x -> {
                    x.sendResponseHeaders(200, 0);
                    while (!over.get()) {
                        x.getResponseBody().write(1);
                        x.getResponseBody().flush();
                        LockSupport.parkNanos(5_000_000);
                    }
                });
        TestEdge edge = edge(with(ALONE, "ORIGIN_EXCHANGE_TIMEOUT", "200ms"), origin.uri());
        assertThatThrownBy(() -> edge.get("/endless")).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void readinessTellsEveryServer() {
        FakeOrigin gone = closing(new FakeOrigin());
        URI dead = gone.uri();
        gone.close();
        FakeOrigin alive = origin("fine");
        TestEdge edge = edge(new String[] {"ORIGIN_PROBE_INTERVAL", "10ms"}, dead, alive.uri());
        TestEdge.await("down", () -> edge.metric(of("up", dead)) == 0);
        JsonObject ready = new JsonObject(TestEdge.text(edge.get("/health/ready")));
        assertThat(ready.getString("origin")).isEqualTo("ok");
        JsonObject servers = ready.getJsonObject("origins");
        assertThat(servers.getString(alive.uri().getAuthority())).isEqualTo("ok");
        assertThat(servers.getString(dead.getAuthority())).contains("refused");
    }

    @Test
    void noServerIsAskedTwiceForOneRequest() {
        AtomicInteger asked = new AtomicInteger();
        FakeOrigin origin = closing(new FakeOrigin());
        origin.on(
                "/x",
                x -> {
                    asked.incrementAndGet();
                    throw new IOException("closed");
                });
        TestEdge edge = edge(ALONE, origin.uri());
        assertThat(edge.get("/x").statusCode()).isEqualTo(502);
        assertThat(asked).hasValue(1);
    }

    @Test
    void requestWhoseConnectionIsClosedIsAnsweredByAnother() {
        List<FakeOrigin> origins = List.of(closing(new FakeOrigin()), closing(new FakeOrigin()));
        AtomicInteger asked = new AtomicInteger();
        for (FakeOrigin origin : origins) {
            origin.on(
                    "/x",
                    x -> {
                        if (asked.incrementAndGet() == 1) {
                            throw new IOException("closed");
                        }
                        FakeOrigin.send(x, 200, utf8("fine"));
                    });
        }
        TestEdge edge = edge(ALONE, origins.get(0).uri(), origins.get(1).uri());
        assertThat(TestEdge.text(edge.get("/x"))).isEqualTo("fine");
        assertThat(asked).hasValue(2);
    }

    @Test
    void uploadIsNotSentTwice() {
        AtomicInteger received = new AtomicInteger();
        List<FakeOrigin> origins = List.of(closing(new FakeOrigin()), closing(new FakeOrigin()));
        for (FakeOrigin origin : origins) {
            origin.on(
                    "/upload",
                    x -> {
                        received.incrementAndGet();
                        throw new IOException("gone in the middle");
                    });
        }
        TestEdge edge = edge(ALONE, origins.get(0).uri(), origins.get(1).uri());
        assertThat(edge.send("POST", "/upload").statusCode()).isEqualTo(502);
        assertThat(received).hasValue(1);
    }

    private FakeOrigin origin(String text) {
        FakeOrigin origin = closing(new FakeOrigin());
        for (int i = 0; i < 10; i++) {
            origin.on("/x/" + i, x -> FakeOrigin.send(x, 200, utf8(text)));
        }
        for (int i = 0; i < 100; i++) {
            origin.document("/index/" + i, text, "max-age=60");
        }
        return origin;
    }

    private static int asked(FakeOrigin origin) {
        int sum = 0;
        for (int i = 0; i < 10; i++) {
            sum += origin.count("GET", "/x/" + i);
        }
        return sum;
    }

    private TestEdge edge(String[] settings, URI... origins) {
        String uris = Arrays.stream(origins).map(URI::toString).collect(Collectors.joining(","));
        return closing(new TestEdge(origins[0], directory, with(settings, "ORIGIN_URIS", uris)));
    }

    private static String[] with(String[] settings, String... more) {
        return Stream.of(settings, more).flatMap(Arrays::stream).toArray(String[]::new);
    }

    private <T extends AutoCloseable> T closing(T part) {
        parts.push(part);
        return part;
    }

    private static String of(String metric, URI origin) {
        return "modunest_edge_origin_" + metric + "{origin=\"" + origin.getAuthority() + "\",}";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
