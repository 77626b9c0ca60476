package dev.modunest.loader.observe;

import dev.modunest.loader.LoaderEvent;
import dev.modunest.loader.LoaderTracing;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;

import java.net.URI;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The loads, exchanges and requests of one engine as spans of the OpenTelemetry that a host brings,
 * whose propagators choose the fields. A span of the calling thread is the parent of a load and of
 * what is asked before it begins; requests of plugins are parts of the load. Thread-safe.
 */
public final class OpenTelemetryTracing implements LoaderTracing {

    private static final int FAILED = 400;

    private final Tracer tracer;
    private final TextMapPropagator propagator;
    private volatile Context work = Context.root();

    public OpenTelemetryTracing(OpenTelemetry telemetry) {
        this.tracer = telemetry.getTracer("dev.modunest.loader");
        this.propagator = telemetry.getPropagators().getTextMapPropagator();
    }

    /** For {@code LoaderOptionsBuilder.onEvent}: an engine does one load or exchange at a time. */
    public Consumer<LoaderEvent> listener() {
        return event -> {
            switch (event) {
                case LoaderEvent.LoadBegan began -> begin("load", began.plugins().size());
                case LoaderEvent.ExchangeBegan _ -> begin("exchange", 0);
                case LoaderEvent.LoadEnded ended -> end(ended.report().complete());
                case LoaderEvent.ExchangeEnded ended -> end(ended.report().done());
                case LoaderEvent.PluginFinished _,
                        LoaderEvent.Unloaded _,
                        LoaderEvent.HookFailed _ -> {}
            }
        };
    }

    /** What was cancelled has told no end. */
    private void begin(String name, long plugins) {
        end(false);
        Span span = tracer.spanBuilder(name).setAttribute("modunest.plugins", plugins).startSpan();
        work = Context.current().with(span);
    }

    private void end(boolean well) {
        Span span = Span.fromContext(work);
        work = Context.root();
        if (!well) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }

    @Override
    public Request begin(String method, URI uri) {
        boolean inSpan = Span.current().getSpanContext().isValid();
        Context parent = inSpan ? Context.current() : work;
        Span span =
                tracer.spanBuilder(method)
                        .setSpanKind(SpanKind.CLIENT)
                        .setParent(parent)
                        .setAttribute("http.request.method", method)
                        .setAttribute("server.address", uri.getHost())
                        .setAttribute("url.path", uri.getPath())
                        .startSpan();
        return new Traced(span, parent.with(span), propagator);
    }

    private record Traced(Span span, Context context, TextMapPropagator propagator)
            implements Request {

        @Override
        public void fields(BiConsumer<String, String> to) {
            propagator.inject(
                    context,
                    to,
                    (carrier, name, value) -> {
                        if (carrier != null) {
                            carrier.accept(name, value);
                        }
                    });
        }

        @Override
        public void answered(int status) {
            span.setAttribute("http.response.status_code", (long) status);
            if (status >= FAILED) {
                span.setStatus(StatusCode.ERROR);
            }
            span.end();
        }

        @Override
        public void failed(Exception why) {
            span.setStatus(StatusCode.ERROR, why.getClass().getSimpleName());
            span.end();
        }
    }
}
