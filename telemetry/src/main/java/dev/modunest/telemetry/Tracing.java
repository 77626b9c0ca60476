package dev.modunest.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The traces of one process by OpenTelemetry, exported by OTLP over HTTP, their context in the
 * fields of W3C Trace Context. Switched off it makes no span. Thread-safe.
 */
public final class Tracing implements AutoCloseable {

    /** Makes no span. */
    public static final Tracing OFF = new Tracing(null);

    private static final long LAST_EXPORT_SECONDS = 5;
    private static final TextMapGetter<Fields> GETTER =
            (carrier, key) -> carrier == null ? null : carrier.field(key);
    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

    /** Reads a field of a request; null where there is none. */
    @FunctionalInterface
    public interface Fields {
        @Nullable String field(String name);
    }

    private final @Nullable SdkTracerProvider provider;
    private final Tracer tracer;

    private Tracing(@Nullable SdkTracerProvider provider) {
        this.provider = provider;
        this.tracer = (provider == null ? TracerProvider.noop() : provider).get("dev.modunest");
    }

    /**
     * As configured.
     *
     * @param service the name of the process in traces
     */
    public static Tracing open(TracingConfig config, String service) {
        return config.enabled() ? new Tracing(provider(config, service)) : OFF;
    }

    private static SdkTracerProvider provider(TracingConfig config, String service) {
        return SdkTracerProvider.builder()
                .setResource(
                        Resource.create(
                                Attributes.of(
                                        AttributeKey.stringKey("service.name"),
                                        service,
                                        AttributeKey.stringKey("service.version"),
                                        ProcessMetrics.version())))
                .setSampler(sampler(config))
                .addSpanProcessor(
                        BatchSpanProcessor.builder(
                                        OtlpHttpSpanExporter.builder()
                                                .setEndpoint(
                                                        config.endpoint()
                                                                        .toString()
                                                                        .replaceAll("/+$", "")
                                                                + "/v1/traces")
                                                .setTimeout(config.timeout())
                                                .setMeterProvider(MeterProvider::noop)
                                                .build())
                                .setMaxQueueSize(config.queueSize())
                                .setMaxExportBatchSize(Math.min(512, config.queueSize()))
                                .setScheduleDelay(config.interval())
                                .setExporterTimeout(config.timeout())
                                .build())
                .build();
    }

    private static Sampler sampler(TracingConfig config) {
        Sampler ratio = Sampler.traceIdRatioBased(1.0 / config.oneIn());
        return config.followParent()
                ? Sampler.parentBased(ratio)
                : Sampler.parentBasedBuilder(ratio)
                        .setRemoteParentSampled(ratio)
                        .setRemoteParentNotSampled(ratio)
                        .build();
    }

    /** Whether any span is made. */
    public boolean isOn() {
        return provider != null;
    }

    /** Begins the span of a request that came in, in the trace that its fields name. */
    public Span server(String name, Fields request) {
        return begin(name, SpanKind.SERVER, W3C.extract(Context.root(), request, GETTER));
    }

    /** Begins the span of a request that goes out, as part of what the fields name. */
    public Span client(String name, Fields cause) {
        return begin(name, SpanKind.CLIENT, W3C.extract(Context.root(), cause, GETTER));
    }

    /** Begins the span of a call of this thread. */
    public Span client(String name) {
        return begin(name, SpanKind.CLIENT, Context.current());
    }

    /** Notes a call of this thread that has ended now and took {@code nanos}. */
    public void ended(String name, long nanos, boolean failed, Consumer<SpanBuilder> attributes) {
        Instant now = Instant.now();
        SpanBuilder builder =
                tracer.spanBuilder(name)
                        .setSpanKind(SpanKind.CLIENT)
                        .setStartTimestamp(now.minusNanos(nanos));
        attributes.accept(builder);
        Span span = builder.startSpan();
        if (failed) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end(now);
    }

    private Span begin(String name, SpanKind kind, Context parent) {
        return tracer.spanBuilder(name).setSpanKind(kind).setParent(parent).startSpan();
    }

    /** Tells the context of {@code span} by the fields of a request. */
    public static void propagate(Span span, BiConsumer<String, String> fields) {
        W3C.inject(
                Context.root().with(span),
                fields,
                (to, name, value) -> {
                    if (to != null) {
                        to.accept(name, value);
                    }
                });
    }

    /** {@code work}, done later or elsewhere, as part of what this thread does now. */
    public static Runnable carrying(Runnable work) {
        return Context.current().wrap(work);
    }

    /** The labels of an exemplar of {@code span}; null when it is not recorded. */
    public static String @Nullable [] exemplar(Span span) {
        SpanContext context = span.getSpanContext();
        return context.isSampled()
                ? new String[] {"trace_id", context.getTraceId(), "span_id", context.getSpanId()}
                : null;
    }

    /** Exports what waits. */
    @Override
    public void close() {
        if (provider != null) {
            provider.shutdown().join(LAST_EXPORT_SECONDS, TimeUnit.SECONDS);
        }
    }
}
