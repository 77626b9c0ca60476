package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.telemetry.TraceReceiver;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The spans of a request and of what it causes, as a collector gets them. */
class TracingIT {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";

    private static TraceReceiver receiver;
    private static TestRegistry registry;

    @BeforeAll
    static void start() throws IOException {
        receiver = new TraceReceiver();
        registry =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_TRACING_ENABLED", "true",
                                "MODUNEST_TRACING_ENDPOINT", receiver.endpoint().toString(),
                                "MODUNEST_TRACING_INTERVAL", "10ms"));
    }

    @AfterAll
    static void stop() {
        registry.close();
        receiver.close();
    }

    private static List<TraceReceiver.Received> spansOf(String trace) {
        return receiver.spans().stream().filter(span -> span.trace().equals(trace)).toList();
    }

    private static String sampled(String trace) {
        return "00-" + trace + "-" + CALLER + "-01";
    }

    @Test
    void aPublishIsOneTraceOverThePublishingThreadPostgresAndTheStorage() {
        byte[] jar = TestJars.library("acme/traced@1.0.0");

        registry.publish(
                "acme/traced@1.0.0",
                jar,
                "traceparent",
                sampled(TRACE),
                "X-Request-Id",
                "traced-publish");
        Awaiting.until(
                () -> spansOf(TRACE).stream().anyMatch(span -> span.name().startsWith("PUT")));

        TraceReceiver.Received server =
                spansOf(TRACE).stream()
                        .filter(span -> span.name().startsWith("PUT"))
                        .findFirst()
                        .orElseThrow();
        assertThat(server.name()).isEqualTo("PUT /api/v1/plugins/{namespace}/{name}/{version}");
        assertThat(server.service()).isEqualTo("artifact-server");
        assertThat(server.parent()).isEqualTo(CALLER);
        assertThat(server.attributes())
                .containsEntry("http.response.status_code", "201")
                .containsEntry("modunest.request_id", "traced-publish");
        assertThat(spansOf(TRACE))
                .filteredOn(span -> span.parent().equals(server.span()))
                .extracting(TraceReceiver.Received::name)
                .contains("s3 CopyObject", "postgres ReleaseStore.insertRelease");
    }

    @Test
    void aSampledRequestIsAnExemplarOfItsRoute() {
        String trace = "0af7651916cd43dd8448eb211c80319c";

        registry.get("/index/acme/exemplary", "traceparent", sampled(trace));

        HttpResponse<byte[]> metrics =
                registry.get("/metrics", "Accept", "application/openmetrics-text; version=1.0.0");
        assertThat(new String(metrics.body(), StandardCharsets.UTF_8))
                .contains("# {span_id=\"")
                .contains("trace_id=\"" + trace + "\"}");
    }

    @Test
    void aRequestThatIsNotSampledLeavesNothing() {
        String unsampled = "1af7651916cd43dd8448eb211c80319c";
        String after = "2af7651916cd43dd8448eb211c80319c";

        registry.get("/index/acme/x", "traceparent", "00-" + unsampled + "-" + CALLER + "-00");
        registry.get("/index/acme/x", "traceparent", sampled(after));

        Awaiting.until(() -> !spansOf(after).isEmpty());
        assertThat(spansOf(unsampled)).isEmpty();
    }
}
