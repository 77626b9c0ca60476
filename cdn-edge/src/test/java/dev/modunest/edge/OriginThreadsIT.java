package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.edge.origin.BoundedBody;
import dev.modunest.edge.origin.CdnLoop;
import dev.modunest.edge.origin.Origin;
import dev.modunest.edge.origin.OriginFailure;
import dev.modunest.telemetry.Tracing;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Exchanges with the origin that are begun on threads which are no event loop. */
class OriginThreadsIT {

    private final FakeOrigin server = new FakeOrigin();
    private final Vertx vertx = Vertx.vertx();
    private final Origin origin;

    OriginThreadsIT(@TempDir Path directory) {
        EdgeConfig config = TestEdge.config(server.uri(), directory);
        origin =
                new Origin(
                        vertx, config.origin(), new CdnLoop("e"), new EdgeMetrics(), Tracing.OFF);
    }

    @AfterEach
    void stop() {
        origin.close();
        vertx.close().await();
        server.close();
    }

    @Test
    void whoAsksForTheResponseLateIsToldOnItsEventLoop() throws Exception {
        server.document("/document", "text", "no-store");
        Future<HttpClientResponse> response = exchange("/document");
        TestEdge.await("the response", response::isComplete);
        CompletableFuture<Buffer> body = new CompletableFuture<>();
        response.onSuccess(
                head -> {
                    assertThat(Context.isOnEventLoopThread()).isTrue();
                    BoundedBody.read(head, 100)
                            .onComplete(
                                    read -> body.complete(read.orElseThrow()),
                                    body::completeExceptionally);
                });
        assertThat(body.get(20, TimeUnit.SECONDS).toString(StandardCharsets.UTF_8))
                .isEqualTo("text");
    }

    @Test
    void bodyThatBrokeBeforeAnybodyReadItFails() throws Exception {
        CountDownLatch head = new CountDownLatch(1);
        server.on(
                "/broken",
                x -> {
                    x.sendResponseHeaders(200, 1_000);
                    x.getResponseBody().flush();
                    head.await();
                });
        Future<HttpClientResponse> response = exchange("/broken");
        TestEdge.await("the response", response::isComplete);
        head.countDown();
        CompletableFuture<Boolean> broken = new CompletableFuture<>();
        response.result().end().onComplete(_ -> broken.complete(false), _ -> broken.complete(true));
        assertThat(broken.get(20, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Optional<Buffer>> body = new CompletableFuture<>();
        response.onSuccess(
                known ->
                        BoundedBody.read(known, 2_000)
                                .onComplete(body::complete, body::completeExceptionally));
        assertThat(body)
                .failsWithin(20, TimeUnit.SECONDS)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(OriginFailure.class);
    }

    private Future<HttpClientResponse> exchange(String path) {
        return origin.exchange(HttpMethod.GET, path, MultiMap.caseInsensitiveMultiMap());
    }
}
