package dev.modunest.edge.origin;

import dev.modunest.telemetry.Tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

/**
 * The span of what the origin is asked for, all tries together, to the head of its response. What
 * is asked for in nobody's name has none.
 */
final class OriginSpan {

    private static final int FAILED = 500;

    private final Span span;

    private OriginSpan(Span span) {
        this.span = span;
    }

    /** Begins, and has {@code fields}, which name the cause, name the span instead. */
    static OriginSpan begin(Tracing tracing, HttpMethod method, MultiMap fields) {
        if (!tracing.isOn() || !fields.contains(TraceFields.PARENT)) {
            return new OriginSpan(Span.getInvalid());
        }
        Span span = tracing.client(method.name() + " origin", fields::get);
        span.setAttribute("http.request.method", method.name());
        Tracing.propagate(span, fields::set);
        return new OriginSpan(span);
    }

    Future<HttpClientResponse> until(Future<HttpClientResponse> response) {
        return span.isRecording() ? response.onComplete(this::ended, this::failed) : response;
    }

    private void ended(HttpClientResponse response) {
        span.setAttribute("http.response.status_code", (long) response.statusCode());
        if (response.statusCode() >= FAILED) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }

    private void failed(Throwable why) {
        span.setStatus(StatusCode.ERROR, OriginFailure.of(why).kind().code());
        span.end();
    }
}
