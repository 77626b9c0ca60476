package dev.modunest.edge.origin;

import dev.modunest.edge.metrics.EdgeMetrics;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The origin, through one pooled client. Every wait is bounded; every failed future carries an
 * {@link OriginFailure}. Responses are handed over paused, on the event loop that will deliver
 * them. Thread-safe.
 */
public final class Origin {

    /** CANCEL of RFC 9113; over HTTP/1.1 it closes the connection. */
    private static final long CANCEL = 0x8;

    private final Vertx vertx;
    private final OriginSettings settings;
    private final EdgeMetrics metrics;
    private final HttpClientAgent client;

    public Origin(Vertx vertx, OriginSettings settings, EdgeMetrics metrics) {
        this.vertx = vertx;
        this.settings = settings;
        this.metrics = metrics;
        this.client =
                vertx.createHttpClient(
                        new HttpClientOptions()
                                .setDefaultHost(settings.uri().getHost())
                                .setDefaultPort(settings.port())
                                .setConnectTimeout((int) settings.connectTimeout().toMillis())
                                .setIdleTimeout((int) settings.idleTimeout().toMillis())
                                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                                .setKeepAliveTimeout((int) settings.keepAliveTimeout().toSeconds())
                                .setTcpNoDelay(true)
                                .setDecompressionSupported(false),
                        new PoolOptions()
                                .setHttp1MaxSize(settings.poolSize())
                                .setMaxWaitQueueSize(settings.queueSize()));
    }

    /** Sends a request without a body and waits for the head of its response. */
    public Future<HttpClientResponse> exchange(HttpMethod method, String uri, MultiMap headers) {
        return open(method, uri)
                .compose(
                        request -> {
                            request.headers().addAll(headers);
                            Future<HttpClientResponse> response = response(request);
                            request.end();
                            awaitFirstByte(request, response);
                            return response;
                        });
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
        RequestOptions options =
                new RequestOptions()
                        .setMethod(method)
                        .setURI(uri)
                        .setConnectTimeout(settings.connectTimeout().toMillis());
        return client.request(options).recover(this::failed);
    }

    /** The response to {@code request}; to be called before the request is sent. */
    public Future<HttpClientResponse> response(HttpClientRequest request) {
        long start = System.nanoTime();
        String method = request.getMethod().name().toLowerCase(Locale.ROOT);
        request.exceptionHandler(_ -> {});
        return request.response()
                .map(
                        response -> {
                            response.pause();
                            // Told by the future or the handler of whoever reads on.
                            response.exceptionHandler(_ -> {});
                            metrics.originAnswered(method, System.nanoTime() - start);
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
