package dev.modunest.edge.serve;

import dev.modunest.edge.origin.EndToEndHeaders;
import dev.modunest.edge.origin.Origin;
import dev.modunest.edge.origin.OriginFailure;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;

import org.jspecify.annotations.Nullable;

import java.util.function.Predicate;

/** Passes a request to the origin and its response back, both streaming with back-pressure. */
public final class ProxyEndpoint {

    /** Of responses that do not end. */
    public static final String EVENT_STREAM = "text/event-stream";

    private static final String VIA = "1.1 modunest-edge";

    private final Origin origin;

    public ProxyEndpoint(Origin origin) {
        this.origin = origin;
    }

    public void forward(Exchange x, CacheStatus status) {
        forward(x, status, _ -> false);
    }

    /**
     * As {@link #forward}.
     *
     * @param taker sees the head of the response before the client, and tells whether it answers
     *     the client itself
     */
    void forward(Exchange x, CacheStatus status, Predicate<HttpClientResponse> taker) {
        forward(x, status, false, taker);
    }

    /** Hands on a response that the origin has given already. */
    void answer(Exchange x, HttpClientResponse inbound, CacheStatus status) {
        HttpClientRequest outbound = inbound.request();
        x.whenGone(() -> Origin.cancel(outbound, left()));
        answer(x, outbound, inbound, status, false);
    }

    /**
     * As {@link #forward} where the response does not end: on a connection beside those that others
     * wait for.
     */
    public void stream(Exchange x) {
        forward(x, CacheStatus.BYPASS, true, _ -> false);
    }

    private void forward(
            Exchange x, CacheStatus status, boolean stream, Predicate<HttpClientResponse> taker) {
        if (x.isGone()) {
            return;
        }
        x.request().pause();
        HttpMethod method = x.request().method();
        if (!stream && !x.hasBody()) {
            ask(x, status, taker);
            return;
        }
        Future<HttpClientRequest> connection =
                stream
                        ? origin.openStream(method, x.target().toString())
                        : origin.open(method, x.target().toString());
        connection
                .onSuccess(outbound -> send(x, outbound, status, stream, taker))
                .onFailure(failure -> refuse(x, OriginFailure.of(failure), status));
    }

    /** Without a body it can be sent again, to another origin server. */
    private void ask(Exchange x, CacheStatus status, Predicate<HttpClientResponse> taker) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        requestHeaders(x, headers);
        Origin.Asked asked =
                origin.ask(x.request().method(), x.target().toString(), headers, x::interim);
        x.whenGone(() -> asked.cancel(left()));
        asked.response()
                .onSuccess(
                        inbound -> {
                            HttpClientRequest outbound = inbound.request();
                            x.whenGone(() -> Origin.cancel(outbound, left()));
                            if (!taker.test(inbound)) {
                                answer(x, outbound, inbound, status, false);
                            }
                        })
                .onFailure(failure -> refuse(x, OriginFailure.of(failure), status));
        drain(x.request());
    }

    private void send(
            Exchange x,
            HttpClientRequest outbound,
            CacheStatus status,
            boolean stream,
            Predicate<HttpClientResponse> taker) {
        if (x.isGone()) {
            Origin.cancel(outbound, left());
            return;
        }
        requestHeaders(x, outbound.headers());
        outbound.earlyHintsHandler(x::interim);
        origin.addHop(outbound.headers());
        Future<HttpClientResponse> response = origin.response(outbound);
        x.whenGone(() -> Origin.cancel(outbound, left()));
        response.onSuccess(
                        inbound -> {
                            if (!taker.test(inbound)) {
                                answer(x, outbound, inbound, status, stream);
                            }
                        })
                .onFailure(failure -> refuse(x, OriginFailure.of(failure), status));
        sendBody(x, outbound, response);
    }

    private void sendBody(
            Exchange x, HttpClientRequest outbound, Future<HttpClientResponse> response) {
        HttpServerRequest inbound = x.request();
        if (!x.hasBody()) {
            outbound.end();
            drain(inbound);
            origin.awaitFirstByte(outbound, response);
            return;
        }
        outbound.setChunked(!inbound.headers().contains("Content-Length"));
        if ("100-continue".equalsIgnoreCase(inbound.getHeader("Expect"))) {
            outbound.putHeader("Expect", "100-continue");
            outbound.continueHandler(
                    _ -> {
                        x.response().writeContinue();
                        pipe(inbound, outbound, response);
                    });
            outbound.writeHead();
        } else {
            pipe(inbound, outbound, response);
        }
    }

    private void pipe(
            HttpServerRequest inbound,
            HttpClientRequest outbound,
            Future<HttpClientResponse> response) {
        inbound.pipe()
                .endOnFailure(false)
                .to(outbound)
                .onSuccess(_ -> origin.awaitFirstByte(outbound, response))
                .onFailure(
                        broken -> {
                            if (!response.isComplete()) {
                                Origin.cancel(outbound, OriginFailure.of(broken));
                            }
                            drain(inbound);
                        });
    }

    private void answer(
            Exchange x,
            HttpClientRequest outbound,
            HttpClientResponse inbound,
            CacheStatus status,
            boolean stream) {
        HttpServerResponse response = x.response();
        if (x.isGone() || response.headWritten()) {
            Origin.cancel(outbound, left());
            return;
        }
        if (!stream && !x.isHead() && isStream(inbound)) {
            Origin.cancel(outbound, new OriginFailure(OriginFailure.Kind.INVALID, "it streams"));
            streamAfterAll(x);
            return;
        }
        head(x, inbound, status);
        if (x.isHead() || inbound.statusCode() == 204 || inbound.statusCode() == 304) {
            if (outbound.getMethod().equals(HttpMethod.HEAD) || !x.isHead()) {
                inbound.resume();
            } else {
                Origin.cancel(outbound, left());
            }
            response.end();
            drain(x.request());
            return;
        }
        if (!response.headers().contains("Content-Length")) {
            response.setChunked(true);
        }
        inbound.pipe()
                .endOnFailure(false)
                .endOnSuccess(false)
                .to(response)
                .onSuccess(
                        _ -> {
                            Trailers.copy(inbound.trailers(), x.request());
                            response.end();
                            drain(x.request());
                        })
                .onFailure(
                        broken -> {
                            Origin.cancel(outbound, OriginFailure.of(broken));
                            x.abort();
                        });
    }

    /** Answers with a response of the origin whose body has been read. */
    void answer(Exchange x, HttpClientResponse inbound, Buffer body, CacheStatus status) {
        if (!x.isGone()) {
            head(x, inbound, status);
            x.response().end(body);
        }
        drain(x.request());
    }

    private static void head(Exchange x, HttpClientResponse inbound, CacheStatus status) {
        HttpServerResponse response = x.response();
        response.setStatusCode(inbound.statusCode());
        inbound.headers().remove("X-Request-Id");
        EndToEndHeaders.copy(inbound.headers(), response.headers());
        response.headers().add("Via", VIA);
        x.cacheStatus(status);
    }

    private static boolean isStream(HttpClientResponse inbound) {
        @Nullable String type = inbound.getHeader("Content-Type");
        return type != null && type.startsWith(EVENT_STREAM);
    }

    /** The path did not tell that the response does not end, as in another spelling. */
    private void streamAfterAll(Exchange x) {
        if (x.request().method().equals(HttpMethod.GET) && !x.hasBody()) {
            stream(x);
            return;
        }
        x.problem(
                400,
                "bad-request",
                "The request cannot be understood",
                "Event streams are asked for by GET without a body.");
        drain(x.request());
    }

    static void refuse(Exchange x, OriginFailure failure, CacheStatus status) {
        if (!x.isGone()) {
            x.originFailed(failure, status);
            drain(x.request());
        }
    }

    private static void requestHeaders(Exchange x, MultiMap to) {
        MultiMap from = x.request().headers();
        EndToEndHeaders.copy(from, to);
        to.remove("Host").remove("Expect");
        if (Trailers.areWanted(x.request())) {
            to.add("TE", "trailers").add("Connection", "TE");
        }
        to.add("Via", VIA);
        to.set("X-Forwarded-For", x.forwardedFor());
        to.set("X-Forwarded-Proto", x.request().isSSL() ? "https" : "http");
        HostAndPort host = x.request().authority();
        if (host != null) {
            to.set("X-Forwarded-Host", host.toString());
        }
        to.set("X-Request-Id", x.requestId());
        x.trace().setIn(to);
    }

    /** Reads what the client still sends, so that it can read the answer. */
    private static void drain(HttpServerRequest inbound) {
        if (!inbound.isEnded()) {
            inbound.handler(_ -> {});
            inbound.resume();
        }
    }

    private static OriginFailure left() {
        return new OriginFailure(OriginFailure.Kind.INVALID, "the client has left");
    }
}
