package dev.modunest.server.tracing;

import dev.modunest.db.ExecutedStatement;
import dev.modunest.server.artifact.StoreObserver;
import dev.modunest.telemetry.Tracing;

import io.opentelemetry.api.trace.Span;

import java.util.Locale;

/**
 * Spans of statements and of calls of the storage, by the semantic conventions of OpenTelemetry for
 * databases and for S3, without values. Outside of a recorded request there are none. Thread-safe.
 */
public final class BackendSpans {

    private final Tracing tracing;

    public BackendSpans(Tracing tracing) {
        this.tracing = tracing;
    }

    public void statement(ExecutedStatement ran) {
        if (isRecording()) {
            tracing.ended(
                    "postgres " + ran.name(),
                    ran.nanos(),
                    ran.failed(),
                    span ->
                            span.setAttribute("db.system.name", "postgresql")
                                    .setAttribute("db.operation.name", ran.name()));
        }
    }

    public void storeCall(String operation, StoreObserver.Outcome outcome, long nanos) {
        if (isRecording()) {
            tracing.ended(
                    "s3 " + operation,
                    nanos,
                    outcome == StoreObserver.Outcome.FAILED,
                    span ->
                            span.setAttribute("rpc.system.name", "aws-api")
                                    .setAttribute("rpc.method", "S3/" + operation)
                                    .setAttribute(
                                            "modunest.outcome",
                                            outcome.name().toLowerCase(Locale.ROOT)));
        }
    }

    private boolean isRecording() {
        return tracing.isOn() && Span.current().isRecording();
    }
}
