package dev.modunest.edge.origin;

import dev.modunest.edge.metrics.EdgeMetrics;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One request to the origin until the head of its response, over as many attempts as it may have,
 * each at another server: after a failure (RFC 9110 9.2.2), and, hedged (Dean and Barroso, "The
 * Tail at Scale", 2013), while the first server is slow. Thread-safe.
 */
final class Asking {

    /**
     * What is asked.
     *
     * @param hedged whether a second server may be asked while the first is slow
     * @param hints told of the fields of each 103 (RFC 8297) that comes before the response
     */
    record Question(
            HttpMethod method,
            String uri,
            MultiMap headers,
            Buffer body,
            boolean hedged,
            Consumer<MultiMap> hints) {

        /** RFC 9110 9.2.2. */
        boolean isIdempotent() {
            return method.equals(HttpMethod.GET)
                    || method.equals(HttpMethod.HEAD)
                    || method.equals(HttpMethod.OPTIONS)
                    || method.equals(HttpMethod.PUT)
                    || method.equals(HttpMethod.DELETE);
        }
    }

    /** What all questions share. */
    record Means(
            Vertx vertx,
            OriginSettings settings,
            OriginSet servers,
            OriginClient client,
            RetryBudget budget,
            LatencyWindow latencies,
            EdgeMetrics metrics) {}

    private final Means means;
    private final Question question;
    private final Promise<HttpClientResponse> answer = Promise.promise();
    private final Set<OriginServer> tried = new HashSet<>();
    private final List<HttpClientRequest> running = new ArrayList<>();
    private int attempts;
    private int pending;
    private boolean decided;
    private long hedgeTimer = -1;

    Asking(Means means, Question question) {
        this.means = means;
        this.question = question;
    }

    Future<HttpClientResponse> start() {
        means.budget().requested();
        Optional<Use> use = means.servers().choose(question.uri(), Set.of());
        if (use.isEmpty()) {
            return Future.failedFuture(means.servers().none());
        }
        attempt(use.get());
        if (question.hedged()) {
            startHedgeTimer();
        }
        return answer.future();
    }

    /** Gives up all that runs. */
    void cancel(OriginFailure reason) {
        List<HttpClientRequest> left;
        synchronized (this) {
            decided = true;
            left = List.copyOf(running);
        }
        left.forEach(request -> OriginClient.cancel(request, reason));
        answer.tryFail(reason);
    }

    private void attempt(Use use) {
        synchronized (this) {
            tried.add(use.server());
            attempts++;
            pending++;
        }
        means.client()
                .open(use, OriginClient.Lane.POOL, question.method(), question.uri())
                .onComplete(
                        request -> send(use, request),
                        unopened -> failed(OriginFailure.of(unopened), false, null));
    }

    private void send(Use use, HttpClientRequest request) {
        synchronized (this) {
            running.add(request);
            if (decided) {
                OriginClient.cancel(request, late());
                return;
            }
        }
        request.headers().addAll(question.headers());
        request.earlyHintsHandler(question.hints()::accept);
        Future<HttpClientResponse> response = request.response();
        response.onComplete(
                answered -> answered(use, request, answered),
                broken -> failed(OriginFailure.of(broken), true, request));
        if (question.body().length() == 0) {
            request.end();
        } else {
            request.end(question.body());
        }
        means.client().awaitFirstByte(request, response);
    }

    private void answered(Use use, HttpClientRequest request, HttpClientResponse response) {
        List<HttpClientRequest> losers;
        synchronized (this) {
            pending--;
            running.remove(request);
            if (decided) {
                OriginClient.cancel(request, late());
                return;
            }
            decided = true;
            losers = List.copyOf(running);
            means.vertx().cancelTimer(hedgeTimer);
        }
        losers.forEach(loser -> OriginClient.cancel(loser, late()));
        if (question.hedged()) {
            means.latencies().add(System.nanoTime() - use.begun());
        }
        answer.tryComplete(response);
    }

    private void failed(OriginFailure why, boolean opened, @Nullable HttpClientRequest request) {
        Optional<Use> next = Optional.empty();
        synchronized (this) {
            pending--;
            running.remove(request);
            if (decided) {
                return;
            }
            if (mayRetry(why, opened)) {
                next = another();
            }
            decided = next.isEmpty() && pending == 0;
            if (next.isEmpty() && !decided) {
                // The other attempt of a hedged request still runs.
                return;
            }
        }
        if (next.isPresent()) {
            means.metrics().originRetried("retry");
            attempt(next.get());
        } else {
            means.vertx().cancelTimer(hedgeTimer);
            answer.tryFail(why);
        }
    }

    private boolean mayRetry(OriginFailure why, boolean opened) {
        return attempts < means.settings().retry().attempts()
                && why.kind() != OriginFailure.Kind.INVALID
                && (question.isIdempotent() || !opened);
    }

    /** A server that has not been tried, if the budget has room for it. */
    private Optional<Use> another() {
        Optional<Use> next = means.servers().choose(question.uri(), tried);
        if (next.isPresent() && !means.budget().take()) {
            means.metrics().originRetried("refused");
            next.get().failed(late());
            return Optional.empty();
        }
        return next;
    }

    private void startHedgeTimer() {
        OptionalLong p95 = means.latencies().p95();
        if (!means.settings().hedge().enabled() || p95.isEmpty()) {
            return;
        }
        long wait =
                Math.max(
                        means.settings().hedge().min().toMillis(),
                        TimeUnit.NANOSECONDS.toMillis(p95.getAsLong()));
        synchronized (this) {
            if (!decided) {
                hedgeTimer = means.vertx().setTimer(wait, _ -> hedge());
            }
        }
    }

    private void hedge() {
        Optional<Use> second;
        synchronized (this) {
            if (decided || attempts >= means.settings().retry().attempts()) {
                return;
            }
            second = another();
        }
        second.ifPresent(
                use -> {
                    means.metrics().originRetried("hedge");
                    attempt(use);
                });
    }

    private static OriginFailure late() {
        return new OriginFailure(OriginFailure.Kind.INVALID, "the answer is not needed any more");
    }
}
