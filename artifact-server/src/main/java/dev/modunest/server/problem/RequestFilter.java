package dev.modunest.server.problem;

import dev.modunest.telemetry.Tracing;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;

import org.slf4j.MDC;

import java.util.function.BooleanSupplier;

/**
 * Gives every request its id and, when traces are recorded, its span, and tells what became of it.
 * While the server is about to stop, each answer ends its connection, so that the client asks
 * another server the next time.
 */
public final class RequestFilter implements Filter {

    private static final String UNMATCHED = "unmatched";
    private static final String TRACE_ID = "trace_id";
    private static final String SPAN_ID = "span_id";
    private static final HeaderName TRACE_PARENT = HeaderNames.create("traceparent");
    private static final HeaderName TRACE_STATE = HeaderNames.create("tracestate");
    private static final int FAILED = 500;

    /** Hears of every request when it is over. */
    @FunctionalInterface
    public interface Observer {
        /**
         * Called once per request, on its thread.
         *
         * @param route the path pattern, {@code unmatched} when there is none
         * @param status the status sent; 0 when the connection was cut
         * @param span of the request; of nothing when there are no traces
         */
        void answered(String route, String method, int status, long nanos, Span span);
    }

    private final Observer observer;
    private final AccessLog log;
    private final Tracing tracing;
    private final BooleanSupplier leaving;

    /**
     * As the server is made.
     *
     * @param leaving whether the server is about to stop
     */
    public RequestFilter(
            Observer observer, AccessLog log, Tracing tracing, BooleanSupplier leaving) {
        this.observer = observer;
        this.log = log;
        this.tracing = tracing;
        this.leaving = leaving;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        String id = RequestId.begin(request.headers().first(RequestId.HEADER));
        response.header(RequestId.HEADER, id);
        if (leaving.getAsBoolean()) {
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
        try {
            if (tracing.isOn()) {
                traced(chain, request, response, id);
            } else {
                answer(chain, request, response, Span.getInvalid());
            }
        } finally {
            RequestId.end();
        }
        closeIfAnnounced(request, response);
    }

    private void traced(
            FilterChain chain, RoutingRequest request, RoutingResponse response, String id) {
        Span span = tracing.server(method(request), field(request));
        span.setAttribute("modunest.request_id", id);
        MDC.put(TRACE_ID, span.getSpanContext().getTraceId());
        MDC.put(SPAN_ID, span.getSpanContext().getSpanId());
        try (Scope _ = span.makeCurrent()) {
            answer(chain, request, response, span);
        } finally {
            span.end();
            MDC.remove(TRACE_ID);
            MDC.remove(SPAN_ID);
        }
    }

    private static Tracing.Fields field(RoutingRequest request) {
        return name ->
                switch (name) {
                    case "traceparent" -> request.headers().first(TRACE_PARENT).orElse(null);
                    case "tracestate" -> request.headers().first(TRACE_STATE).orElse(null);
                    default -> null;
                };
    }

    private void answer(
            FilterChain chain, RoutingRequest request, RoutingResponse response, Span span) {
        long begun = System.nanoTime();
        boolean answered = false;
        try {
            chain.proceed();
            answered = true;
        } finally {
            int status = answered ? response.status().code() : 0;
            over(request, response, status, System.nanoTime() - begun, span);
        }
    }

    /** The web server itself would wait for the client to close, and read on. */
    private static void closeIfAnnounced(RoutingRequest request, RoutingResponse response) {
        if (!response.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
            return;
        }
        if (!request.content().consumed()) {
            throw new UnreadBody();
        }
        throw new CloseConnectionException("the answer announced it");
    }

    private void over(
            RoutingRequest request, RoutingResponse response, int status, long nanos, Span span) {
        String method = method(request);
        String route = request.matchingPattern().filter(p -> p.length() > 2).orElse(UNMATCHED);
        if (span.isRecording()) {
            describe(span, method, route, status);
        }
        observer.answered(route, method, status, nanos, span);
        log.write(request, response, route, method, status, nanos);
    }

    /** By the semantic conventions for HTTP servers. */
    private static void describe(Span span, String method, String route, int status) {
        span.updateName(method + " " + route);
        span.setAttribute("http.request.method", method);
        span.setAttribute("http.route", route);
        span.setAttribute("http.response.status_code", (long) status);
        if (status == 0 || status >= FAILED) {
            span.setStatus(StatusCode.ERROR);
        }
    }

    private static String method(RoutingRequest request) {
        return Answers.knownMethod(request.prologue().method().text());
    }
}
