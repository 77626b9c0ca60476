package dev.modunest.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks a registry, or an edge, before a run. A rate limit is waited for. */
final class RegistryClient implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final long MAX_DOCUMENT_BYTES = 64 << 20;
    private static final int OK = 200;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int MAX_TRIES = 100;

    private final URI base;
    private final String option;
    private final HttpClient client;

    record Answer(int status, String body, HttpHeaders headers) {}

    /**
     * Makes no connection yet.
     *
     * @param option the property that {@code base} comes from: {@code edge} or {@code registry}
     */
    RegistryClient(URI base, String option) {
        this.base = base;
        this.option = option;
        this.client = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
    }

    URI base() {
        return base;
    }

    /** The document at {@code path}, which has to be there. */
    String get(String path) {
        Answer answer = send(HttpRequest.newBuilder(base.resolve(path)));
        if (answer.status() != OK) {
            throw new LoadTestException(base.resolve(path) + " answered " + answer.status());
        }
        return answer.body();
    }

    Answer post(String path, String json) {
        return send(
                HttpRequest.newBuilder(base.resolve(path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json)));
    }

    /** The answer to a request of a path of {@link #base}, whatever its status. */
    Answer send(HttpRequest.Builder builder) {
        HttpRequest request = builder.timeout(TIMEOUT).build();
        try {
            for (int tries = 0; tries < MAX_TRIES; tries++) {
                HttpResponse<String> response =
                        client.send(
                                request,
                                BodyHandlers.limiting(BodyHandlers.ofString(), MAX_DOCUMENT_BYTES));
                if (response.statusCode() != TOO_MANY_REQUESTS) {
                    return new Answer(response.statusCode(), response.body(), response.headers());
                }
                waitFor(response.headers().firstValueAsLong("Retry-After").orElse(1));
            }
            throw new LoadTestException(request.uri() + " answers 429 to every try");
        } catch (IOException unreachable) {
            throw new LoadTestException(
                    "no "
                            + option
                            + " answers at "
                            + base
                            + ": start one with ./modunest up, or name another with -D"
                            + option
                            + "=URL");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LoadTestException("interrupted while asking " + request.uri());
        }
    }

    private static void waitFor(long seconds) {
        CompletableFuture.runAsync(
                        () -> {}, CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS))
                .join();
    }

    @Override
    public void close() {
        client.close();
    }
}
