package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.resolve.Requirement;
import dev.modunest.loader.LoadReport;
import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.PluginLoader;
import dev.modunest.loader.TrustOptions;
import dev.modunest.loader.observe.OpenTelemetryTracing;
import dev.modunest.telemetry.MetricsTable;
import dev.modunest.telemetry.TraceReceiver;
import dev.modunest.telemetry.TraceReceiver.Received;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** What registry, edge and host tell of the same work. */
class ObservedPlatformIT {

    private static final long PATIENCE = 20_000_000_000L;
    private static final Path METRICS = Path.of("../docs/operations/metrics.md");

    @TempDir private static Path folder;
    private static TraceReceiver receiver;
    private static Platform platform;

    @BeforeAll
    static void start() throws IOException {
        receiver = new TraceReceiver();
        platform =
                Platform.start(
                        folder.resolve("data"),
                        InetAddress.getLoopbackAddress(),
                        0,
                        0,
                        Map.of(
                                "MODUNEST_TRACING_ENABLED", "true",
                                "MODUNEST_TRACING_ENDPOINT", receiver.endpoint().toString(),
                                "MODUNEST_TRACING_INTERVAL", "10ms",
                                "MODUNEST_LISTEN_PORT", "1"),
                        _ -> {});
    }

    @AfterAll
    static void stop() {
        platform.close();
        receiver.close();
    }

    private static OpenTelemetrySdk host() {
        return OpenTelemetrySdk.builder()
                .setTracerProvider(
                        SdkTracerProvider.builder()
                                .setResource(
                                        Resource.create(
                                                Attributes.of(
                                                        AttributeKey.stringKey("service.name"),
                                                        "host")))
                                .addSpanProcessor(
                                        SimpleSpanProcessor.create(
                                                OtlpHttpSpanExporter.builder()
                                                        .setEndpoint(
                                                                receiver.endpoint() + "/v1/traces")
                                                        .build()))
                                .build())
                .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                .build();
    }

    @Test
    void aLoadIsOneTraceFromTheHostOverEdgeAndRegistryToPostgresAndTheStorage() throws Exception {
        SmallJar.write(folder, "acme/traced@1.0.0");
        Commands published =
                Commands.run(
                        "publish",
                        "--registry",
                        platform.origin().toString(),
                        "--token-file",
                        platform.tokenFile().toString(),
                        folder.resolve("traced-1.0.0.jar").toString());
        assertThat(published.exit()).as(published.out()).isZero();

        String trace = load();

        Received bytes =
                await(
                        trace,
                        span ->
                                span.service().equals("artifact-server")
                                        && span.name().startsWith("GET /artifacts/"));
        Received origins = await(trace, span -> span.span().equals(bytes.parent()));
        Received edges = await(trace, span -> span.span().equals(origins.parent()));
        Received requests = await(trace, span -> span.span().equals(edges.parent()));
        Received load = await(trace, span -> span.span().equals(requests.parent()));
        assertThat(List.of(load, requests, edges, origins))
                .extracting(span -> span.service() + ": " + span.name())
                .containsExactly(
                        "host: load",
                        "host: GET",
                        "cdn-edge: GET artifact",
                        "cdn-edge: GET origin");
        await(trace, span -> isBelow(span, bytes) && span.name().equals("s3 GetObject"));
        await(trace, span -> isBelow(span, bytes) && span.name().startsWith("postgres "));
    }

    private static boolean isBelow(Received span, Received parent) {
        return span.parent().equals(parent.span());
    }

    /** Through the edge; gives the trace. */
    private static String load() throws InterruptedException {
        try (OpenTelemetrySdk telemetry = host()) {
            OpenTelemetryTracing tracing = new OpenTelemetryTracing(telemetry);
            Span span = telemetry.getTracer("host").spanBuilder("start").startSpan();
            try (Scope _ = span.makeCurrent();
                    PluginLoader loader =
                            PluginLoader.open(
                                    LoaderOptions.in(folder.resolve("cache"))
                                            .registry(platform.edge())
                                            .trust(TrustOptions.unverified())
                                            .tracing(tracing)
                                            .onEvent(tracing.listener())
                                            .build())) {
                LoadReport report = loader.load(List.of(Requirement.parse("acme/traced")));
                assertThat(report.complete()).as("%s", report).isTrue();
            } finally {
                span.end();
            }
            return span.getSpanContext().getTraceId();
        }
    }

    private static Received await(String trace, Predicate<Received> wanted) {
        for (long end = System.nanoTime() + PATIENCE; System.nanoTime() < end; ) {
            for (Received span : receiver.spans()) {
                if (span.trace().equals(trace) && wanted.test(span)) {
                    return span;
                }
            }
            LockSupport.parkNanos(5_000_000);
        }
        throw new AssertionError("no such span of the trace among " + receiver.spans());
    }

    @Test
    void theTablesOfMetricsAreWhatRegistryAndEdgeExpose() throws Exception {
        assertThat(
                        MetricsTable.documented(METRICS, "Every process", "Artifact server")
                                .differences(exposed(platform.origin())))
                .isEmpty();
        assertThat(
                        MetricsTable.documented(METRICS, "Every process", "Edge")
                                .differences(exposed(platform.edge())))
                .isEmpty();
    }

    private static MetricsTable exposed(URI process) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return MetricsTable.exposed(
                    http.send(
                                    HttpRequest.newBuilder(process.resolve("/metrics")).build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body());
        }
    }
}
