package dev.modunest.edge.origin;

import dev.modunest.edge.metrics.EdgeMetrics;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The origin, through one pooled client. Every wait is bounded; every failed future carries an
 * {@link OriginFailure}. Responses are handed over paused, on the event loop that will deliver
 * them. Thread-safe.
 */
public final class Origin {

    /** The head of a response that does not end, and its body, not started yet. */
    public record Followed(int status, @Nullable String contentType, OriginBody body) {}

    /** CANCEL of RFC 9113; over HTTP/1.1 it closes the connection. */
    private static final long CANCEL = 0x8;

    private final Vertx vertx;
    private final OriginSettings settings;
    private final EdgeMetrics metrics;
    private final HttpClientAgent client;

    /** For what clients follow: beside the pool, which others wait for. */
    private final HttpClientAgent streams;

    /**
     * For the one response that the edge itself follows: beside the pool, and without its idle
     * timeout.
     */
    private final HttpClientAgent follower;

    public Origin(Vertx vertx, OriginSettings settings, EdgeMetrics metrics) {
        this.vertx = vertx;
        this.settings = settings;
        this.metrics = metrics;
        this.client =
                vertx.createHttpClient(
                        passing()
                                .setKeepAliveTimeout((int) settings.keepAliveTimeout().toSeconds()),
                        new PoolOptions()
                                .setHttp1MaxSize(settings.poolSize())
                                .setMaxWaitQueueSize(settings.queueSize()));
        this.streams =
                vertx.createHttpClient(
                        passing().setKeepAlive(false),
                        new PoolOptions()
                                .setHttp1MaxSize(settings.maxStreams())
                                .setMaxWaitQueueSize(0));
        this.follower =
                vertx.createHttpClient(
                        options().setKeepAlive(false), new PoolOptions().setHttp1MaxSize(1));
    }

    private HttpClientOptions passing() {
        return options()
                .setIdleTimeout((int) settings.idleTimeout().toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
    }

    private HttpClientOptions options() {
        return new HttpClientOptions()
                .setDefaultHost(settings.uri().getHost())
                .setDefaultPort(settings.port())
                .setConnectTimeout((int) settings.connectTimeout().toMillis())
                .setTcpNoDelay(true)
                .setDecompressionSupported(false);
    }

    /**
     * Asks for a response that is read for as long as it lasts, by one thread that may block.
     *
     * @param bound bytes that wait for that thread
     */
    public Future<Followed> follow(String uri, MultiMap headers, long bound) {
        return open(follower, HttpMethod.GET, uri)
                .compose(request -> send(request, head(request), headers, Buffer.buffer()))
                .map(
                        response -> {
                            Context loop =
                                    Objects.requireNonNull(
                                            Vertx.currentContext(), "not on an event loop");
                            OriginBody body = new OriginBody(response, loop, bound);
                            body.attach();
                            return new Followed(
                                    response.statusCode(),
                                    response.getHeader("Content-Type"),
                                    body);
                        });
    }

    /** Sends a request without a body and waits for the head of its response. */
    public Future<HttpClientResponse> exchange(HttpMethod method, String uri, MultiMap headers) {
        return exchange(method, uri, headers, Buffer.buffer());
    }

    /** Sends a request with a body and waits for the head of its response. */
    public Future<HttpClientResponse> exchange(
            HttpMethod method, String uri, MultiMap headers, Buffer body) {
        return open(method, uri)
                .compose(request -> send(request, response(request), headers, body));
    }

    private Future<HttpClientResponse> send(
            HttpClientRequest request,
            Future<HttpClientResponse> response,
            MultiMap headers,
            Buffer body) {
        request.headers().addAll(headers);
        if (body.length() == 0) {
            request.end();
        } else {
            request.end(body);
        }
        awaitFirstByte(request, response);
        return response;
    }

    /** Whether the origin answers at all, within the connect timeout. */
    public Future<Integer> probe() {
        return exchange(HttpMethod.HEAD, "/health/live", MultiMap.caseInsensitiveMultiMap())
                .map(
                        response -> {
                            response.resume();
                            return response.statusCode();
                        })
                .timeout(settings.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A connection with a request that is not sent yet. */
    public Future<HttpClientRequest> open(HttpMethod method, String uri) {
        return open(client, method, uri);
    }

    /**
     * As {@link #open} for a response that does not end; fails with BUSY when there are as many as
     * there may be.
     */
    public Future<HttpClientRequest> openStream(HttpMethod method, String uri) {
        return open(streams, method, uri)
                .recover(
                        cause ->
                                Future.failedFuture(
                                        OriginFailure.of(cause).kind() == OriginFailure.Kind.BUSY
                                                ? tooManyStreams()
                                                : cause));
    }

    private OriginFailure tooManyStreams() {
        return new OriginFailure(
                OriginFailure.Kind.BUSY,
                settings.maxStreams()
                        + " event streams pass through this edge, which is the limit"
                        + " (origin.max_streams)");
    }

    private Future<HttpClientRequest> open(HttpClientAgent from, HttpMethod method, String uri) {
        RequestOptions options =
                new RequestOptions()
                        .setMethod(method)
                        .setURI(uri)
                        .setConnectTimeout(settings.connectTimeout().toMillis());
        return from.request(options).recover(this::failed);
    }

    /** The response to {@code request}; to be called before the request is sent. */
    public Future<HttpClientResponse> response(HttpClientRequest request) {
        long start = System.nanoTime();
        String method = request.getMethod().name().toLowerCase(Locale.ROOT);
        return head(request)
                .map(
                        response -> {
                            metrics.originAnswered(method, System.nanoTime() - start);
                            return response;
                        });
    }

    private Future<HttpClientResponse> head(HttpClientRequest request) {
        request.exceptionHandler(_ -> {});
        return request.response()
                .map(
                        response -> {
                            response.pause();
                            // Told by the future or the handler of whoever reads on.
                            response.exceptionHandler(_ -> {});
                            return response;
                        })
                .recover(this::failed);
    }

    /** Starts the clock of the first byte; to be called when the request has been sent. */
    public void awaitFirstByte(HttpClientRequest request, Future<HttpClientResponse> response) {
        if (response.isComplete()) {
            return;
        }
        long timer =
                vertx.setTimer(
                        settings.firstByteTimeout().toMillis(), _ -> cancel(request, silent()));
        response.onComplete(_ -> vertx.cancelTimer(timer));
    }

    /** Gives up an exchange; its connection is not used again. */
    public static void cancel(HttpClientRequest request, OriginFailure reason) {
        request.reset(CANCEL, reason);
    }

    private OriginFailure silent() {
        return new OriginFailure(
                OriginFailure.Kind.TIMEOUT,
                "no response within "
                        + settings.firstByteTimeout().toMillis()
                        + " ms (origin.first_byte_timeout)");
    }

    private <T> Future<T> failed(Throwable cause) {
        OriginFailure failure = OriginFailure.of(cause);
        metrics.originFailed(failure.kind().code());
        return Future.failedFuture(failure);
    }
}
