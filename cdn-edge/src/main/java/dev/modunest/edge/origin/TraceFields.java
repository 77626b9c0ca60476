package dev.modunest.edge.origin;

import dev.modunest.telemetry.Tracing;

import io.opentelemetry.api.trace.Span;
import io.vertx.core.MultiMap;

import org.jspecify.annotations.Nullable;

/**
 * The trace that a request is of, by the fields of W3C Trace Context.
 *
 * @param parent null when it is of none
 * @param state null when there is none
 */
public record TraceFields(@Nullable String parent, @Nullable String state) {

    static final String PARENT = "traceparent";
    private static final String STATE = "tracestate";

    public static final TraceFields NONE = new TraceFields(null, null);

    /** As a request has them. */
    public static TraceFields of(MultiMap fields) {
        return new TraceFields(fields.get(PARENT), fields.get(STATE));
    }

    /** Those of what {@code span} causes. */
    public static TraceFields of(Span span) {
        MultiMap fields = MultiMap.caseInsensitiveMultiMap();
        Tracing.propagate(span, fields::set);
        return of(fields);
    }

    /** Makes them those of {@code fields}. */
    public void setIn(MultiMap fields) {
        set(fields, PARENT, parent);
        set(fields, STATE, state);
    }

    private static void set(MultiMap fields, String name, @Nullable String value) {
        if (value == null) {
            fields.remove(name);
        } else {
            fields.set(name, value);
        }
    }
}
