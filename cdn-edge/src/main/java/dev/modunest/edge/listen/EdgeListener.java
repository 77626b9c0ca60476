package dev.modunest.edge.listen;

import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.edge.serve.Exchange;
import dev.modunest.edge.serve.ParsedTarget;
import dev.modunest.edge.serve.RequestTarget;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One HTTP server per event loop, all on one port. */
public final class EdgeListener {

    /** Vert.x: the instances of one deployment share one free port. */
    private static final int SHARED_FREE_PORT = -1;

    private final ListenSettings settings;
    private final Consumer<Exchange> routes;
    private final EdgeMetrics metrics;
    private final Front front;
    private final ConnectionGate gate;

    /**
     * @param routes answers a request, on its event loop
     */
    public EdgeListener(ListenSettings settings, Consumer<Exchange> routes, EdgeMetrics metrics) {
        this.settings = settings;
        this.routes = routes;
        this.metrics = metrics;
        this.front = new Front(settings, metrics);
        this.gate = new ConnectionGate(front);
        metrics.watchConnections(gate::open);
    }

    /** Listens on {@code loops} event loops; gives the port. */
    public Future<Integer> listen(Vertx vertx, FrontTransport transport, int loops) {
        AtomicInteger port = new AtomicInteger();
        transport.gate(gate);
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
                .map(_ -> port.get())
                .onComplete(_ -> transport.gate(null));
    }

    private Future<HttpServer> serve(Vertx vertx) {
        return vertx.httpServerBuilder()
                .with(ServerConfig.of(settings))
                .build()
                .requestHandler(this::handle)
                .invalidRequestHandler(this::refuse)
                .listen(
                        settings.port() == 0 ? SHARED_FREE_PORT : settings.port(),
                        settings.address());
    }

    private void handle(HttpServerRequest request) {
        switch (RequestTarget.parse(Objects.requireNonNullElse(request.uri(), ""))) {
            case RequestTarget target -> {
                Exchange x = new Exchange(request, target, metrics);
                try {
                    routes.accept(x);
                } catch (RuntimeException bug) {
                    x.failed(bug);
                }
            }
            case ParsedTarget.Malformed malformed ->
                    new Exchange(request, RequestTarget.NONE, metrics)
                            .problem(
                                    400,
                                    "bad-request",
                                    "The request cannot be understood",
                                    malformed.reason());
        }
    }

    /** Answers what is not HTTP, and closes. */
    private void refuse(HttpServerRequest request) {
        Exchange x = new Exchange(request, RequestTarget.NONE, metrics);
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
            case FramingException framing when framing.status() == 505 ->
                    x.problem(
                            505,
                            "version-not-supported",
                            "The version of HTTP is not spoken here",
                            framing.reason());
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
