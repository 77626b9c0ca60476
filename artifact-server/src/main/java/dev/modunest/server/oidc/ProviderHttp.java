package dev.modunest.server.oidc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.server.oidc.OidcException.Reason;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Requests to providers, bounded in time, size and number. Follows no redirect, since none of the
 * endpoints has one and a redirect could lead anywhere. Thread-safe.
 */
final class ProviderHttp implements AutoCloseable {

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client;
    private final Duration timeout;
    private final long maxAnswer;
    private final Semaphore permits;

    ProviderHttp(OidcConfig config) {
        this(config, new Semaphore(config.maxConcurrent()));
    }

    ProviderHttp(OidcConfig config, Semaphore permits) {
        this.client =
                HttpClient.newBuilder()
                        .connectTimeout(config.connectTimeout())
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .executor(threads)
                        .build();
        this.timeout = config.requestTimeout();
        this.maxAnswer = config.maxAnswer().bytes();
        this.permits = permits;
    }

    /** A status and the JSON object that came with it, empty where there was none. */
    record Answer(int status, ObjectNode body) {}

    /** The object at {@code uri}; anything but 200 is a failure of the provider. */
    ObjectNode get(URI uri) {
        HttpResponse<byte[]> response =
                send(HttpRequest.newBuilder(uri).header("Accept", "application/json"), uri);
        if (response.statusCode() != 200) {
            throw new OidcException(
                    response.statusCode() >= 500
                            ? Reason.PROVIDER_UNREACHABLE
                            : Reason.PROVIDER_ANSWER_INVALID,
                    place(uri) + " answers with status " + response.statusCode() + ", not 200");
        }
        return object(response.body(), uri);
    }

    /** What the endpoint answers, whatever the status, to {@code request}. */
    Answer post(HttpRequest.Builder request, URI uri) {
        HttpResponse<byte[]> response = send(request.header("Accept", "application/json"), uri);
        if (response.statusCode() >= 500) {
            throw new OidcException(
                    Reason.PROVIDER_UNREACHABLE,
                    place(uri) + " answers with status " + response.statusCode());
        }
        return new Answer(response.statusCode(), object(response.body(), uri));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request, URI uri) {
        try {
            if (!permits.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new OidcException(
                        Reason.PROVIDER_BUSY,
                        "too many requests to identity providers are under way (oidc.max_concurrent); try again");
            }
            try {
                return await(
                        client.sendAsync(
                                request.build(),
                                BodyHandlers.limiting(BodyHandlers.ofByteArray(), maxAnswer)),
                        uri);
            } finally {
                permits.release();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new OidcException(
                    Reason.PROVIDER_UNREACHABLE, "the request to " + place(uri) + " was given up");
        }
    }

    /**
     * The request's own timeout would end with the headers of the answer, so the whole of it is
     * awaited here; cancelling closes the connection.
     */
    private HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> pending, URI uri)
            throws InterruptedException {
        try {
            return pending.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw new OidcException(
                    Reason.PROVIDER_UNREACHABLE,
                    place(uri) + " does not answer within " + timeout.toMillis() + " ms");
        } catch (ExecutionException failed) {
            throw failure(failed.getCause() == null ? failed : failed.getCause(), uri);
        } finally {
            pending.cancel(true);
        }
    }

    private OidcException failure(Throwable cause, URI uri) {
        if (cause instanceof IOException
                && String.valueOf(cause.getMessage()).contains("body exceeds capacity")) {
            return new OidcException(
                    Reason.PROVIDER_ANSWER_INVALID,
                    place(uri) + " answers with more than " + maxAnswer + " bytes");
        }
        return new OidcException(
                Reason.PROVIDER_UNREACHABLE,
                place(uri) + " cannot be reached: " + cause.getClass().getSimpleName());
    }

    private static ObjectNode object(byte[] body, URI uri) {
        try {
            JsonNode root = JSON.readTree(body);
            if (root instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException malformed) {
            throw new OidcException(
                    Reason.PROVIDER_ANSWER_INVALID, place(uri) + " does not answer with JSON");
        } catch (IOException impossible) {
            throw new IllegalStateException("bytes in memory cannot be read", impossible);
        }
        throw new OidcException(
                Reason.PROVIDER_ANSWER_INVALID, place(uri) + " does not answer with a JSON object");
    }

    /** Without the query, which may hold something secret. */
    static String place(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath();
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
        threads.close();
    }
}
