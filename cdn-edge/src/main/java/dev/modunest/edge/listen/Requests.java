package dev.modunest.edge.listen;

import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.edge.serve.Exchange;
import dev.modunest.edge.serve.ParsedTarget;
import dev.modunest.edge.serve.RequestTarget;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;

import java.util.Objects;
import java.util.function.Consumer;

/** Makes an exchange of a request, or answers what is none. */
final class Requests {

    /** RFC 9113 7. */
    private static final long STREAM_PROTOCOL_ERROR = 1;

    private final Front front;
    private final Consumer<Exchange> routes;
    private final RequestWatch watch;
    private final EdgeMetrics metrics;

    Requests(Front front, Consumer<Exchange> routes, RequestWatch watch, EdgeMetrics metrics) {
        this.front = front;
        this.routes = routes;
        this.watch = watch;
        this.metrics = metrics;
    }

    /** A request that came over TLS. */
    void handleSecured(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        if (!front.settings().tls().strictNames()
                || (authority != null && front.certificateCovers(authority.host()))) {
            handle(request);
            return;
        }
        unrouted(request)
                .problem(
                        421,
                        "misdirected",
                        "The host is not served here",
                        "The certificate of this port does not name the host of the request.");
    }

    void handle(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2 && request.authority() == null) {
            request.response().reset(STREAM_PROTOCOL_ERROR);
            return;
        }
        switch (RequestTarget.parse(Objects.requireNonNullElse(request.uri(), ""))) {
            case RequestTarget target -> {
                Exchange x = new Exchange(request, target, metrics);
                try {
                    watch.observe(x);
                    if (front.isLeaving() && target.path().equals("/health/ready")) {
                        leaving(x);
                    } else if (watch.allows(x)) {
                        routes.accept(x);
                    }
                } catch (RuntimeException bug) {
                    x.failed(bug);
                }
            }
            case ParsedTarget.Malformed malformed ->
                    unrouted(request)
                            .problem(
                                    400,
                                    "bad-request",
                                    "The request cannot be understood",
                                    malformed.reason());
        }
    }

    private static void leaving(Exchange x) {
        x.problem(
                503,
                "draining",
                "The edge is about to stop",
                "It ends what it has begun; send new requests to another one.");
    }

    /** Answers what is not HTTP, and closes. */
    void refuse(HttpServerRequest request) {
        ListenSettings settings = front.settings();
        Exchange x = unrouted(request);
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

    private Exchange unrouted(HttpServerRequest request) {
        Exchange x = new Exchange(request, RequestTarget.NONE, metrics);
        watch.observe(x);
        return x;
    }
}
