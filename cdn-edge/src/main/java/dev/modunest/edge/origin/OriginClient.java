package dev.modunest.edge.origin;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The connections to the origin servers, and how long each phase of an exchange may last.
 * Thread-safe.
 */
final class OriginClient {

    /** Over which connections a request goes. */
    enum Lane {
        /** Kept alive and shared. */
        POOL,
        /** For what clients follow: beside the pool, which others wait for. */
        STREAMS,
        /** For the one response that the edge itself follows, without the idle timeout. */
        FOLLOWER,
        /** So that a full pool is not taken for a dead server. */
        PROBES
    }

    /** CANCEL of RFC 9113; over HTTP/1.1 it closes the connection. */
    private static final long CANCEL = 0x8;

    /** Of one server: the periodic one, and one that somebody asked for. */
    private static final int PROBES_AT_ONCE = 2;

    private final Vertx vertx;
    private final OriginSettings settings;
    private final HttpClientAgent pool;
    private final HttpClientAgent streams;
    private final HttpClientAgent follower;
    private final HttpClientAgent probes;

    OriginClient(Vertx vertx, OriginSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.pool =
                client(
                        passing()
                                .setKeepAliveTimeout((int) settings.keepAliveTimeout().toSeconds()),
                        new PoolOptions()
                                .setHttp1MaxSize(settings.poolSize())
                                .setMaxWaitQueueSize(settings.queueSize()));
        this.streams =
                client(
                        passing().setKeepAlive(false),
                        new PoolOptions()
                                .setHttp1MaxSize(settings.maxStreams())
                                .setMaxWaitQueueSize(0));
        this.follower = client(options().setKeepAlive(false), new PoolOptions().setHttp1MaxSize(1));
        this.probes = client(options(), new PoolOptions().setHttp1MaxSize(PROBES_AT_ONCE));
    }

    private HttpClientAgent client(HttpClientOptions options, PoolOptions connections) {
        return vertx.httpClientBuilder()
                .with(options)
                .with(connections)
                .withConnectHandler(ResponseBoundary::watch)
                .build();
    }

    private HttpClientOptions passing() {
        return options()
                .setIdleTimeout((int) settings.idleTimeout().toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
    }

    private HttpClientOptions options() {
        HttpClientOptions options =
                new HttpClientOptions()
                        .setConnectTimeout((int) settings.connectTimeout().toMillis())
                        .setSslHandshakeTimeout(settings.tlsTimeout().toMillis())
                        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                        .setVerifyHost(true)
                        .setTcpNoDelay(true)
                        .setDecompressionSupported(false);
        settings.caFile()
                .ifPresent(
                        file ->
                                options.setTrustOptions(
                                        new PemTrustOptions().addCertPath(file.toString())));
        return options;
    }

    /** A connection to the server of {@code use} with a request that is not sent yet. */
    Future<HttpClientRequest> open(Use use, Lane lane, HttpMethod method, String uri) {
        return request(use.server().address(), lane, method, uri, settings.connectTimeout())
                .map(request -> watched(request, use, lane))
                .recover(
                        cause -> {
                            OriginFailure failure = unopened(use, cause);
                            use.failed(failure);
                            return Future.failedFuture(failure);
                        });
    }

    private Future<HttpClientRequest> request(
            OriginAddress to, Lane lane, HttpMethod method, String uri, Duration timeout) {
        HttpClientAgent agent =
                switch (lane) {
                    case POOL -> pool;
                    case STREAMS -> streams;
                    case FOLLOWER -> follower;
                    case PROBES -> probes;
                };
        return agent.request(
                new RequestOptions()
                        .setHost(to.host())
                        .setPort(to.port())
                        .setSsl(to.isTls())
                        .setMethod(method)
                        .setURI(uri)
                        .setConnectTimeout(timeout.toMillis()));
    }

    /** Who waited for others to give a connection back tells nothing of the server. */
    private OriginFailure unopened(Use use, Throwable cause) {
        OriginFailure failure = OriginFailure.of(cause);
        if (cause instanceof TimeoutException && use.server().load() > settings.poolSize()) {
            return new OriginFailure(
                    OriginFailure.Kind.BUSY,
                    "no connection was free within "
                            + settings.connectTimeout().toMillis()
                            + " ms (origin.connect_timeout, origin.pool_size)");
        }
        return failure;
    }

    private HttpClientRequest watched(HttpClientRequest request, Use use, Lane lane) {
        request.exceptionHandler(_ -> {});
        boolean safe =
                request.getMethod().equals(HttpMethod.GET)
                        || request.getMethod().equals(HttpMethod.HEAD);
        use.await(safe && lane == Lane.POOL ? why -> cancel(request, why) : _ -> {});
        long timer = lane == Lane.POOL ? startExchangeTimer(request) : -1;
        request.response()
                .onFailure(
                        cause -> {
                            vertx.cancelTimer(timer);
                            use.failed(OriginFailure.of(cause));
                        })
                .onSuccess(
                        response -> {
                            // Before the end, which is told at once when there is no body.
                            response.pause();
                            use.answered();
                            if (lane != Lane.POOL) {
                                // It has no end, and is no load.
                                use.ended();
                            }
                            response.end()
                                    .onComplete(
                                            _ -> {
                                                vertx.cancelTimer(timer);
                                                use.ended();
                                            },
                                            cause -> {
                                                vertx.cancelTimer(timer);
                                                use.failed(OriginFailure.of(cause));
                                            });
                        });
        return request;
    }

    private long startExchangeTimer(HttpClientRequest request) {
        return vertx.setTimer(
                settings.exchangeTimeout().toMillis(),
                _ ->
                        cancel(
                                request,
                                new OriginFailure(
                                        OriginFailure.Kind.TIMEOUT,
                                        "not done within "
                                                + settings.exchangeTimeout().toMillis()
                                                + " ms (origin.exchange_timeout)")));
    }

    /** Starts the clock of the first byte; to be called when the request has been sent. */
    void awaitFirstByte(HttpClientRequest request, Future<HttpClientResponse> response) {
        if (response.isComplete()) {
            return;
        }
        long timer =
                vertx.setTimer(
                        settings.firstByteTimeout().toMillis(), _ -> cancel(request, silent()));
        response.onComplete(_ -> vertx.cancelTimer(timer));
    }

    /** Whether {@code address} answers a probe with anything below 500. */
    Future<Integer> probe(OriginAddress address) {
        Duration timeout = settings.probe().timeout();
        return request(address, Lane.PROBES, HttpMethod.HEAD, settings.probe().path(), timeout)
                .compose(
                        request -> {
                            request.exceptionHandler(_ -> {});
                            Future<HttpClientResponse> response = request.send();
                            long timer =
                                    vertx.setTimer(
                                            timeout.toMillis(), _ -> cancel(request, unprobed()));
                            return response.onComplete(_ -> vertx.cancelTimer(timer));
                        })
                .compose(
                        response -> {
                            response.exceptionHandler(_ -> {});
                            response.resume();
                            return response.statusCode() < 500
                                    ? Future.succeededFuture(response.statusCode())
                                    : Future.failedFuture(
                                            new OriginFailure(
                                                    OriginFailure.Kind.UNREACHABLE,
                                                    "it answers its probe with "
                                                            + response.statusCode()));
                        })
                .recover(cause -> Future.failedFuture(OriginFailure.of(cause)));
    }

    static void cancel(HttpClientRequest request, OriginFailure reason) {
        request.reset(CANCEL, reason);
    }

    private OriginFailure silent() {
        return new OriginFailure(
                OriginFailure.Kind.TIMEOUT,
                "no response within "
                        + settings.firstByteTimeout().toMillis()
                        + " ms (origin.first_byte_timeout)");
    }

    private OriginFailure unprobed() {
        return new OriginFailure(
                OriginFailure.Kind.TIMEOUT,
                "no answer to a probe within "
                        + settings.probe().timeout().toMillis()
                        + " ms (origin.probe.timeout)");
    }
}
