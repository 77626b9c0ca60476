package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Digest;
import dev.modunest.telemetry.TraceReceiver;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** The spans of requests, as a collector gets them, and what the origin is told of the trace. */
final class TracingIT extends EdgeIT {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";
    private static final String SAMPLED = "00-" + TRACE + "-" + CALLER + "-01";

    private final AtomicReference<@Nullable String> told = new AtomicReference<>();
    private TraceReceiver receiver;

    @BeforeEach
    @Override
    void startOriginAndEdge() {
        try {
            receiver = new TraceReceiver();
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
        super.startOriginAndEdge();
    }

    @AfterEach
    void stopReceiver() {
        receiver.close();
    }

    @Override
    String[] settings() {
        return new String[] {
            "TRACING_ENABLED", "true",
            "TRACING_ENDPOINT", receiver.endpoint().toString(),
            "TRACING_INTERVAL", "10ms"
        };
    }

    private List<TraceReceiver.Received> spans(int atLeast) {
        TestEdge.await("spans", () -> receiver.spans().size() >= atLeast);
        return receiver.spans();
    }

    private static String onward(TraceReceiver.Received span) {
        return "00-" + span.trace() + "-" + span.span() + "-01";
    }

    /** The path of an artifact whose request at the origin is looked at. */
    private String watchedArtifact() {
        byte[] bytes = TestEdge.bytes(100, 1);
        Digest digest = origin.artifact(bytes);
        String path = FakeOrigin.path(digest);
        origin.on(
                path,
                x -> {
                    told.set(x.getRequestHeaders().getFirst("traceparent"));
                    FakeOrigin.sendArtifact(x, digest, bytes);
                });
        return path;
    }

    @Test
    void aMissIsASpanWithTheOriginsBelowAndAHitIsOneAlone() {
        String path = watchedArtifact();
        edge.get(path, "traceparent", SAMPLED, "X-Request-Id", "traced");
        edge.awaitMetric(FILLED, 1);
        edge.get(path, "traceparent", SAMPLED);

        List<TraceReceiver.Received> spans = spans(3);
        TraceReceiver.Received origins = named(spans, "GET origin");
        TraceReceiver.Received miss = attributed(spans, "miss");
        assertThat(spans).allMatch(span -> span.trace().equals(TRACE)).hasSize(3);
        assertThat(origins.parent()).isEqualTo(miss.span());
        assertThat(miss.name()).isEqualTo("GET artifact");
        assertThat(miss.parent()).isEqualTo(CALLER);
        assertThat(miss.service()).isEqualTo("cdn-edge");
        assertThat(miss.attributes()).containsEntry("modunest.request_id", "traced");
        assertThat(attributed(spans, "hit").parent()).isEqualTo(CALLER);
        assertThat(told).hasValue(onward(origins));
    }

    private static TraceReceiver.Received named(List<TraceReceiver.Received> spans, String name) {
        return spans.stream().filter(span -> span.name().equals(name)).findFirst().orElseThrow();
    }

    private static TraceReceiver.Received attributed(
            List<TraceReceiver.Received> spans, String cache) {
        return spans.stream()
                .filter(span -> cache.equals(span.attributes().get("modunest.cache")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aChangeThatIsPassedThroughIsPartOfTheTrace() {
        edge.send("DELETE", "/api/v1/plugins/acme/x/1.0.0", "traceparent", SAMPLED);

        List<TraceReceiver.Received> spans = spans(2);
        assertThat(named(spans, "DELETE origin").parent())
                .isEqualTo(named(spans, "DELETE proxy").span());
    }

    @Test
    void aSampledRequestIsAnExemplarOfItsRoute() {
        edge.get("/index/acme/x", "traceparent", SAMPLED);
        spans(1);

        assertThat(
                        new String(
                                edge.get("/metrics", "Accept", "application/openmetrics-text")
                                        .body(),
                                StandardCharsets.UTF_8))
                .contains("trace_id=\"" + TRACE + "\"}");
    }

    @Test
    void withoutTracesAnotherTraceIsPassedOnAsItCame() {
        restart();
        String path = watchedArtifact();

        edge.get(path, "traceparent", SAMPLED);

        assertThat(told).hasValue(SAMPLED);
    }
}
