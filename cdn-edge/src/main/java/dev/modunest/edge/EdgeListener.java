package dev.modunest.edge;

import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.edge.serve.Exchange;
import dev.modunest.edge.serve.ListenSettings;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One HTTP server per event loop, all on one port. */
final class EdgeListener {

    /** Vert.x: the instances of one deployment share one free port. */
    private static final int SHARED_FREE_PORT = -1;

    private final ListenSettings settings;
    private final EdgeRoutes routes;
    private final EdgeMetrics metrics;

    EdgeListener(ListenSettings settings, EdgeRoutes routes, EdgeMetrics metrics) {
        this.settings = settings;
        this.routes = routes;
        this.metrics = metrics;
    }

    /** Listens on {@code loops} event loops; gives the port. */
    Future<Integer> listen(Vertx vertx, int loops) {
        AtomicInteger port = new AtomicInteger();
        return vertx.deployVerticle(
                        () ->
                                new VerticleBase() {
                                    @Override
                                    public Future<?> start() {
                                        return serve(vertx)
                                                .onSuccess(server -> port.set(server.actualPort()));
                                    }
                                },
                        new DeploymentOptions().setInstances(loops))
                .map(_ -> port.get());
    }

    private Future<HttpServer> serve(Vertx vertx) {
        return vertx.createHttpServer(
                        new HttpServerOptions()
                                .setTcpNoDelay(true)
                                .setAcceptBacklog(settings.backlog())
                                .setIdleTimeout((int) settings.idleTimeout().toMillis())
                                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                                .setMaxInitialLineLength((int) settings.maxRequestLine().bytes())
                                .setMaxHeaderSize((int) settings.maxHeaders().bytes())
                                .setHttp2ClearTextEnabled(false))
                .requestHandler(this::handle)
                .invalidRequestHandler(this::refuse)
                .listen(
                        settings.port() == 0 ? SHARED_FREE_PORT : settings.port(),
                        settings.address());
    }

    private void handle(HttpServerRequest request) {
        Exchange x = new Exchange(request, metrics);
        try {
            routes.handle(x);
        } catch (RuntimeException bug) {
            x.failed(bug);
        }
    }

    /** Answers what is not HTTP, and closes. */
    private void refuse(HttpServerRequest request) {
        Exchange x = new Exchange(request, metrics);
        x.response().putHeader("Connection", "close");
        switch (request.decoderResult().cause()) {
            case TooLongHttpLineException _ ->
                    x.problem(
                            414,
                            "uri-too-long",
                            "The request line is too long",
                            "At most " + settings.maxRequestLine() + " are read; shorten the URI.");
            case TooLongHttpHeaderException _ ->
                    x.problem(
                            431,
                            "headers-too-large",
                            "The headers are too large",
                            "At most " + settings.maxHeaders() + " are read; send less.");
            case Throwable malformed ->
                    x.problem(
                            400,
                            "bad-request",
                            "The request cannot be understood",
                            "It is not HTTP/1.1: " + malformed.getMessage());
        }
        request.connection().close();
    }
}
