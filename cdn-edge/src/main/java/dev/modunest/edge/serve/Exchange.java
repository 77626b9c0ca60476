package dev.modunest.edge.serve;

import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.edge.origin.Asker;
import dev.modunest.edge.origin.CdnLoop;
import dev.modunest.edge.origin.EndToEndHeaders;
import dev.modunest.edge.origin.InterimStatus;
import dev.modunest.edge.origin.OriginFailure;
import dev.modunest.edge.origin.Serials;
import dev.modunest.edge.origin.TraceFields;
import dev.modunest.format.http.Problem;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.VertxConnection;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * One request and its response, on the event loop of its connection. Every response carries {@code
 * X-Request-Id} and is counted once, when it has ended or its connection has.
 */
public final class Exchange {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    /** RFC 9113 7. */
    private static final long STREAM_INTERNAL_ERROR = 2;

    private static final int FAILED = 500;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final RequestTarget target;
    private final Context loop;
    private final EdgeMetrics metrics;
    private final String requestId;
    private Route route = Route.NONE;
    private CacheStatus cacheStatus = CacheStatus.NONE;
    private boolean counted;
    private long fileBytes;
    private Runnable whenGone = () -> {};
    private @Nullable Runnable whenEnded;
    private final long begun = System.nanoTime();
    private Span span = Span.getInvalid();

    /** To be made on the event loop of the request. */
    public Exchange(HttpServerRequest request, RequestTarget target, EdgeMetrics metrics) {
        this.request = request;
        this.target = target;
        this.response = request.response();
        this.loop = Objects.requireNonNull(Vertx.currentContext(), "not on an event loop");
        this.metrics = metrics;
        this.requestId = RequestIds.of(request.getHeader("X-Request-Id"));
        response.putHeader("X-Request-Id", requestId);
        response.endHandler(_ -> count());
        response.closeHandler(_ -> gone());
    }

    public HttpServerRequest request() {
        return request;
    }

    public HttpServerResponse response() {
        return response;
    }

    public String requestId() {
        return requestId;
    }

    public Exchange routed(Route to) {
        route = to;
        return this;
    }

    /** GET or HEAD. */
    public boolean reads() {
        return request.method().equals(HttpMethod.GET) || isHead();
    }

    /** The request fields by which a stored response is chosen: of HEAD without ranges. */
    MultiMap selectors() {
        MultiMap fields = request.headers();
        return isHead() && fields.contains("Range")
                ? MultiMap.caseInsensitiveMultiMap().addAll(fields).remove("Range")
                : fields;
    }

    /** Whether the request asks for no change (RFC 9110 9.2.1). */
    boolean isSafe() {
        return reads()
                || request.method().equals(HttpMethod.OPTIONS)
                || request.method().equals(HttpMethod.TRACE);
    }

    /** Host and port that the client asked. */
    String authority() {
        String host = request.getHeader("Host");
        return host == null ? "localhost" : host;
    }

    public boolean isHead() {
        return request.method().equals(HttpMethod.HEAD);
    }

    /** Whether the request has a body of at least a byte, or may have. */
    public boolean hasBody() {
        String length = request.getHeader("Content-Length");
        return length == null
                ? request.headers().contains("Transfer-Encoding")
                        || (request.version() == HttpVersion.HTTP_2 && !reads())
                : !length.equals("0");
    }

    /** Whether the response may depend on who asks. */
    public boolean hasCredentials() {
        return request.headers().contains("Authorization") || request.headers().contains("Cookie");
    }

    /**
     * The serial number that the client has seen; 0 when it tells none, -1 when it is malformed.
     */
    long minSerial() {
        return Serials.wanted(request.headers());
    }

    /** What the origin is told as X-Forwarded-For: what the client told, and its address. */
    String forwardedFor() {
        String client = request.remoteAddress().hostAddress();
        String before = request.getHeader("X-Forwarded-For");
        return before == null ? client : before + ", " + client;
    }

    /** For whom the origin is asked. */
    Asker asker() {
        return new Asker(
                requestId, forwardedFor(), request.headers().getAll(CdnLoop.HEADER), trace());
    }

    /** The trace of what this request causes: passed on as it came when no span is made here. */
    TraceFields trace() {
        return span.getSpanContext().isValid()
                ? TraceFields.of(span)
                : TraceFields.of(request.headers());
    }

    /** Has the request be the span {@code of} a trace, which ends with it. */
    public void span(Span of) {
        span = of;
    }

    /** The id of its trace; null when that is not recorded. */
    public @Nullable String traceId() {
        return span.getSpanContext().isSampled() ? span.getSpanContext().getTraceId() : null;
    }

    /** Since the head of the request. */
    public long nanos() {
        return System.nanoTime() - begun;
    }

    /** Path and query in the one spelling that routes, cache key and origin see. */
    public RequestTarget target() {
        return target;
    }

    /** Sets {@code Cache-Status}, beside what caches nearer to the origin have said. */
    void cacheStatus(CacheStatus status) {
        cacheStatus = status;
        response.headers().add("Cache-Status", status.value());
    }

    /** Runs {@code handler} on this event loop when {@code future} completes. */
    <T> void on(Future<T> future, Handler<AsyncResult<T>> handler) {
        future.onComplete(
                result ->
                        loop.runOnContext(
                                _ -> {
                                    try {
                                        handler.handle(result);
                                    } catch (RuntimeException bug) {
                                        failed(bug);
                                    }
                                }));
    }

    void onLoop(Runnable work) {
        loop.runOnContext(_ -> work.run());
    }

    /** Runs {@code cleanup} when the client leaves before the response has ended. */
    void whenGone(Runnable cleanup) {
        whenGone = cleanup;
    }

    /** Runs {@code observer} once, when the response has ended or its connection has. */
    public void whenEnded(Runnable observer) {
        whenEnded = observer;
    }

    /** Whether the response came from the cache, fresh or stale. */
    public boolean isHit() {
        return cacheStatus == CacheStatus.HIT || cacheStatus == CacheStatus.HIT_STALE;
    }

    /** As in metrics. */
    public String routeLabel() {
        return route.label();
    }

    /** As in metrics. */
    public String cacheLabel() {
        return cacheStatus.label();
    }

    /** Whether nobody waits for the response any more. */
    boolean isGone() {
        return response.closed();
    }

    /**
     * Breaks the response off, so that nobody takes what has been sent for the whole: the stream of
     * HTTP/2, the connection of HTTP/1.1.
     */
    void abort() {
        if (request.version() == HttpVersion.HTTP_2) {
            response.reset(STREAM_INTERNAL_ERROR);
        } else {
            request.connection().close();
        }
    }

    /** Bytes of the body that have been sent. */
    public long bytesSent() {
        return response.bytesWritten() + fileBytes;
    }

    /** Whether a socket may take the body from a file: over HTTP/1.1 without TLS. */
    boolean takesFiles() {
        return request.version() != HttpVersion.HTTP_2
                && !request.isSSL()
                && request.connection() instanceof VertxConnection;
    }

    /**
     * Sends a region of a file as the next part of the body, whose length has been told; {@code
     * then} learns on this event loop whether it has been sent.
     */
    void sendFile(FileChannel file, long position, long length, Consumer<Boolean> then) {
        if (!response.headWritten()) {
            response.writeHead();
        }
        VertxConnection connection = (VertxConnection) request.connection();
        connection
                .sendFile(file, position, length)
                .addListener(
                        sent -> {
                            fileBytes += sent.isSuccess() ? length : 0;
                            onLoop(() -> then.accept(sent.isSuccess() && !isGone()));
                        });
    }

    /** Answers with a problem document. */
    public void problem(int status, String code, String title, String detail) {
        if (response.headWritten() || isGone()) {
            abort();
            return;
        }
        Problem problem =
                new Problem(
                        Problem.TYPE_PREFIX + code,
                        title,
                        status,
                        detail,
                        target.path(),
                        List.of(),
                        requestId);
        response.setStatusCode(status).putHeader("Content-Type", Problem.MEDIA_TYPE);
        end(Buffer.buffer(problem.toJson()));
    }

    /** Ends the response with {@code body}, or with its length alone for HEAD. */
    void end(Buffer body) {
        if (isHead()) {
            response.putHeader("Content-Length", Integer.toString(body.length()));
            response.end();
        } else {
            response.end(body);
        }
    }

    /** Hands on an interim response of the origin (RFC 9110 15.2, RFC 8297). */
    void interim(MultiMap fields) {
        if (!isGone() && !response.headWritten()) {
            int status = InterimStatus.take(fields);
            MultiMap endToEnd = MultiMap.caseInsensitiveMultiMap();
            EndToEndHeaders.copy(fields, endToEnd);
            new InterimResponse(status, endToEnd).send(request);
        }
    }

    void originFailed(OriginFailure failure, CacheStatus status) {
        cacheStatus(status);
        if (failure.kind() == OriginFailure.Kind.BUSY) {
            response.putHeader("Retry-After", "1");
        }
        problem(
                failure.kind().status(),
                failure.kind().code(),
                failure.kind().title(),
                failure.getMessage()
                        + ". What is cached is still served; retry later, or check origin.uris and"
                        + " the origin's health.");
    }

    /** Answers for a bug. */
    public void failed(Throwable bug) {
        try (MDC.MDCCloseable _ = MDC.putCloseable("request_id", requestId)) {
            LOG.error("request failed: {} {}", request.method(), target.path(), bug);
        }
        problem(
                500,
                "internal-error",
                "The edge failed",
                "This is a defect of the edge; its log has the reason under the request id.");
    }

    /** By the semantic conventions for HTTP servers. */
    private void endSpan() {
        int status = response.getStatusCode();
        span.updateName(request.method() + " " + route.label());
        span.setAttribute("http.request.method", request.method().name());
        span.setAttribute("http.route", route.label());
        span.setAttribute("http.response.status_code", (long) status);
        span.setAttribute("modunest.cache", cacheStatus.label());
        span.setAttribute("modunest.request_id", requestId);
        if (status >= FAILED || !response.ended()) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }

    private void gone() {
        if (!counted) {
            whenGone.run();
            count();
        }
    }

    private void count() {
        if (counted) {
            return;
        }
        counted = true;
        metrics.requestEnded(
                route.label(),
                cacheStatus.label(),
                response.getStatusCode(),
                bytesSent(),
                nanos(),
                span);
        if (span.isRecording()) {
            endSpan();
        }
        if (whenEnded != null) {
            whenEnded.run();
        }
    }
}
