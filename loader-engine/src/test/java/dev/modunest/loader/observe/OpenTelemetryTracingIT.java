package dev.modunest.loader.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;

import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.loader.LoaderOptionsBuilder;
import dev.modunest.loader.PluginLoader;
import dev.modunest.loader.testing.FakeRegistry;
import dev.modunest.loader.testing.TestOptions;
import dev.modunest.loader.testing.TestPlugin;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Loads and requests as spans of a host's OpenTelemetry. */
class OpenTelemetryTracingIT {

    @TempDir private Path cache;
    private final Kept kept = new Kept();
    private final OpenTelemetrySdk telemetry =
            OpenTelemetrySdk.builder()
                    .setTracerProvider(
                            SdkTracerProvider.builder()
                                    .addSpanProcessor(SimpleSpanProcessor.create(kept))
                                    .build())
                    .setPropagators(
                            ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                    .build();

    /** Keeps what is exported. */
    private static final class Kept implements SpanExporter {

        private final List<SpanData> spans = new CopyOnWriteArrayList<>();

        @Override
        public CompletableResultCode export(Collection<SpanData> exported) {
            spans.addAll(exported);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }

        SpanData named(String name) {
            return spans.stream()
                    .filter(span -> span.getName().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private LoaderOptionsBuilder options(FakeRegistry registry) {
        OpenTelemetryTracing tracing = new OpenTelemetryTracing(telemetry);
        return TestOptions.in(cache, registry).tracing(tracing).onEvent(tracing.listener());
    }

    private static Set<String> fields(FakeRegistry registry, String name) {
        return registry.headers().stream()
                .map((Headers headers) -> String.valueOf(headers.getFirst(name)))
                .collect(Collectors.toSet());
    }

    @Test
    void aLoadIsOneTraceWithEveryRequestOfIt() throws Exception {
        try (FakeRegistry registry = new FakeRegistry();
                PluginLoader loader = PluginLoader.open(options(registry).build())) {
            registry.add(TestPlugin.recording("a/one@1.0.0"), TestPlugin.recording("a/two@1.0.0"));
            Span host = telemetry.getTracer("host").spanBuilder("start").startSpan();
            try (Scope _ = host.makeCurrent()) {
                loader.load(List.of(Requirement.parse("a/one"), Requirement.parse("a/two")));
            }
            host.end();
            String trace = host.getSpanContext().getTraceId();
            SpanData load = kept.named("load");

            assertThat(kept.spans).allMatch(span -> span.getTraceId().equals(trace));
            assertThat(load.getParentSpanId()).isEqualTo(host.getSpanContext().getSpanId());
            assertThat(kept.spans)
                    .filteredOn(span -> span.getParentSpanId().equals(load.getSpanId()))
                    .hasSizeGreaterThanOrEqualTo(2)
                    .allMatch(span -> span.getName().equals("GET"));
            assertThat(fields(registry, "Traceparent"))
                    .hasSameSizeAs(registry.requests())
                    .allMatch(field -> field.startsWith("00-" + trace));
        }
    }

    @Test
    void whatFailsIsMarkedAndAnExchangeIsASpan() throws Exception {
        try (FakeRegistry registry = new FakeRegistry();
                PluginLoader loader = PluginLoader.open(options(registry).build())) {
            registry.add(
                    TestPlugin.recording("a/good@1.0.0"),
                    TestPlugin.of("a/bad@1.0.0").starting("throw new Exception();"));
            loader.load(List.of(Requirement.parse("a/good"), Requirement.parse("a/bad")));
            loader.reload(PluginId.parse("a/good"));
        }

        assertThat(kept.named("load").getStatus()).isEqualTo(StatusData.error());
        assertThat(kept.named("exchange").getStatus()).isEqualTo(StatusData.unset());
    }

    @Test
    void everyRequestHasAnIdOfItsOwnAlsoWithoutTraces() throws Exception {
        try (FakeRegistry registry = new FakeRegistry();
                PluginLoader loader = PluginLoader.open(TestOptions.in(cache, registry).build())) {
            registry.add(TestPlugin.recording("a/one@1.0.0"));
            loader.load(List.of(Requirement.parse("a/one")));

            assertThat(fields(registry, "X-Request-Id"))
                    .hasSameSizeAs(registry.requests())
                    .allMatch(id -> id.matches("[0-9a-f]{16}"));
            assertThat(fields(registry, "Traceparent")).containsExactly("null");
        }
    }

    @Test
    void aRequestWithoutAnAnswerIsMarked() throws Exception {
        OpenTelemetryTracing tracing = new OpenTelemetryTracing(telemetry);
        tracing.begin("GET", java.net.URI.create("http://127.0.0.1:1/x"))
                .failed(new java.io.IOException("refused"));

        assertThat(kept.named("GET").getStatus())
                .isEqualTo(
                        StatusData.create(
                                io.opentelemetry.api.trace.StatusCode.ERROR, "IOException"));
    }
}
