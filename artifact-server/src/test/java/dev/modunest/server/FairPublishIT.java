package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Publishers are served in turn. */
class FairPublishIT {

    private static final int BURST = 500;

    @Test
    void aBurstOfOnePublisherDelaysAnotherByATurnOnly() throws Exception {
        try (TestRegistry registry =
                        TestRegistry.start(
                                Map.of(
                                        "MODUNEST_UPLOAD_MAX_WAIT", "5m",
                                        "MODUNEST_DATABASE_CONNECTION_TIMEOUT", "30s"));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            String other = registry.newAccount("other");
            List<Future<HttpResponse<byte[]>>> burst =
                    IntStream.range(0, BURST)
                            .mapToObj(i -> "burst/p" + i + "@1.0.0")
                            .map(
                                    c ->
                                            threads.submit(
                                                    () -> registry.publish(c, TestJars.library(c))))
                            .toList();
            Awaiting.until(() -> registry.count("releases") >= 1);

            HttpResponse<byte[]> single =
                    registry.publishAs(
                            other, "single/one@1.0.0", TestJars.library("single/one@1.0.0"));
            long waiting = burst.stream().filter(answer -> !answer.isDone()).count();

            assertThat(single.statusCode()).isEqualTo(201);
            assertThat(waiting).as("of the burst that came first").isGreaterThan(BURST / 2);
            for (Future<HttpResponse<byte[]>> answer : burst) {
                assertThat(answer.get().statusCode()).isIn(201, 202);
            }
            Awaiting.until(() -> registry.count("releases") == BURST + 1);
        }
    }

    @Test
    void aPublisherWhoseQueueIsFullIsTurnedAwayAndAnotherIsNot() throws Exception {
        try (TestRegistry registry =
                        TestRegistry.start(
                                Map.of(
                                        "MODUNEST_PUBLISH_MAX_CONCURRENT", "1",
                                        "MODUNEST_PUBLISH_MAX_QUEUED_PER_PUBLISHER", "0",
                                        "MODUNEST_DATABASE_LOCK_TIMEOUT", "25s"));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            String other = registry.newAccount("other");
            Future<HttpResponse<byte[]>> first;
            Future<HttpResponse<byte[]>> theirs;
            try (AutoCloseable _ =
                    registry.holding("select value from registry_serial for update")) {
                first =
                        threads.submit(
                                () ->
                                        registry.publish(
                                                "acme/one@1.0.0",
                                                TestJars.library("acme/one@1.0.0")));
                Awaiting.until(
                        () -> registry.metric("modunest_publish_queue{state=\"running\",} 1.0"));

                HttpResponse<byte[]> refused =
                        registry.publish("acme/two@1.0.0", TestJars.library("acme/two@1.0.0"));
                TestRegistry.assertProblem(refused, 429, "queue-full", "limit for one account");
                assertThat(refused.headers().firstValue("RateLimit-Policy"))
                        .hasValue("\"publishes\";q=1;qu=\"concurrent-requests\"");
                assertThat(refused.headers().firstValue("Retry-After")).isPresent();
                theirs =
                        threads.submit(
                                () ->
                                        registry.publishAs(
                                                other,
                                                "else/one@1.0.0",
                                                TestJars.library("else/one@1.0.0")));
                Awaiting.until(
                        () -> registry.metric("modunest_publish_queue{state=\"waiting\",} 1.0"));
            }
            assertThat(first.get().statusCode()).isEqualTo(201);
            assertThat(theirs.get().statusCode()).isEqualTo(201);
        }
    }

    @Test
    void uploadsOfOnePublisherThatDoNotEndDoNotStopAnother() throws Exception {
        try (TestRegistry registry = TestRegistry.start(Map.of("MODUNEST_UPLOAD_MAX_WAIT", "25s"));
                Closing slow = new Closing()) {
            String other = registry.newAccount("other");
            for (int i = 0; i < 8; i++) {
                slow.add(new RawClient(registry.server().uri()))
                        .send(
                                "PUT /api/v1/plugins/acme/slow"
                                        + i
                                        + "/1.0.0 HTTP/1.1\nHost: x\nAuthorization: Bearer "
                                        + registry.token()
                                        + "\nContent-Length: 1000\n\n");
            }
            Awaiting.until(
                    () ->
                            registry.metric("modunest_publish_admission{state=\"running\",} 6.0")
                                    && registry.metric(
                                            "modunest_publish_admission{state=\"waiting\",} 2.0"));

            HttpResponse<byte[]> theirs =
                    registry.publishAs(other, "else/a@1.0.0", TestJars.library("else/a@1.0.0"));

            assertThat(theirs.statusCode()).isEqualTo(201);
        }
    }

    /** Clients that are closed together. */
    private static final class Closing implements AutoCloseable {

        private final List<RawClient> clients = new ArrayList<>();

        RawClient add(RawClient client) {
            clients.add(client);
            return client;
        }

        @Override
        public void close() throws IOException {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }
}
