package dev.modunest.edge.listen;

import dev.modunest.edge.limit.ClientLimits;
import dev.modunest.edge.log.AccessLine;
import dev.modunest.edge.log.AccessLog;
import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.edge.serve.Exchange;
import dev.modunest.telemetry.Tracing;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;

import java.net.InetAddress;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The limits of clients, and the traces and the log of their requests, where a request begins and
 * ends.
 */
public final class RequestWatch {

    private static final String HEALTH = "/health/";

    private final ClientLimits limits;
    private final AccessLog log;
    private final EdgeMetrics metrics;
    private final Tracing tracing;

    public RequestWatch(ClientLimits limits, AccessLog log, EdgeMetrics metrics, Tracing tracing) {
        this.limits = limits;
        this.log = log;
        this.metrics = metrics;
        this.tracing = tracing;
    }

    /** Has the request be a span of its trace, and a line of the log when it has ended. */
    void observe(Exchange x) {
        if (tracing.isOn()) {
            HttpServerRequest request = x.request();
            x.span(tracing.server(request.method().name(), name -> request.getHeader(name)));
        }
        if (log.isEnabled()) {
            x.whenEnded(() -> ended(x));
        }
    }

    /** Whether the request may be answered; if not, it has been refused. */
    boolean allows(Exchange x) {
        if (!limits.isLimiting() || x.target().path().startsWith(HEALTH)) {
            return true;
        }
        ClientLimits.Verdict verdict =
                limits.take(client(x.request()), x.request().getHeader("Authorization"));
        HttpServerResponse response = x.response();
        response.putHeader("RateLimit-Policy", verdict.policy());
        response.putHeader("RateLimit", verdict.state());
        if (verdict.allowed()) {
            return true;
        }
        metrics.requestLimited();
        response.putHeader("Retry-After", Long.toString(verdict.retryAfterSeconds()));
        x.problem(
                429,
                "rate-limited",
                "Too many requests",
                "The edge answers a client so often as limits.rate and limits.burst allow; try again"
                        + " after Retry-After.");
        return false;
    }

    private InetAddress client(HttpServerRequest request) {
        return limits.client(
                InetAddress.ofLiteral(request.remoteAddress().hostAddress()),
                request.headers().getAll("X-Forwarded-For"));
    }

    private void ended(Exchange x) {
        if (!log.takes(x.isHit(), ThreadLocalRandom.current().nextInt())) {
            return;
        }
        HttpServerRequest request = x.request();
        HostAndPort host = request.authority();
        log.add(
                new AccessLine(
                        Instant.now(),
                        client(request).getHostAddress(),
                        protocol(request.version()),
                        request.isSSL(),
                        request.method().name(),
                        host == null ? null : host.toString(),
                        x.target().path(),
                        x.target().query(),
                        x.response().getStatusCode(),
                        x.bytesSent(),
                        x.routeLabel(),
                        x.cacheLabel(),
                        x.nanos(),
                        x.requestId(),
                        x.traceId(),
                        request.getHeader("User-Agent")));
    }

    private static String protocol(HttpVersion version) {
        return switch (version) {
            case HTTP_1_0 -> "HTTP/1.0";
            case HTTP_1_1 -> "HTTP/1.1";
            case HTTP_2 -> "HTTP/2";
            case HTTP_3 -> "HTTP/3";
        };
    }
}
