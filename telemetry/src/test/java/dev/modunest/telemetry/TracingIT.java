package dev.modunest.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Spans, as a collector gets them. */
class TracingIT {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";

    private TraceReceiver receiver;

    @BeforeEach
    void receive() throws IOException {
        receiver = new TraceReceiver();
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    private Tracing tracing(int oneIn, boolean followParent) {
        return Tracing.open(
                new TracingConfig(
                        true,
                        URI.create(receiver.endpoint() + "/"),
                        oneIn,
                        followParent,
                        Duration.ofSeconds(10),
                        100,
                        Duration.ofHours(1)),
                "example");
    }

    private static Tracing.Fields fields(String flags) {
        return Map.of(
                        "traceparent",
                        "00-" + TRACE + "-" + PARENT + "-" + flags,
                        "tracestate",
                        "a=b")
                ::get;
    }

    @Test
    void aRequestIsPartOfTheTraceThatItNamesAndHandsItOn() {
        Map<String, String> onward = new HashMap<>();
        try (Tracing tracing = tracing(1_000_000_000, true)) {
            Span span = tracing.server("GET /x", fields("01"));
            Tracing.propagate(span, onward::put);
            Span call = tracing.client("GET origin", onward::get);
            call.end();
            span.end();

            assertThat(Tracing.exemplar(span))
                    .containsExactly(
                            "trace_id", TRACE, "span_id", span.getSpanContext().getSpanId());
        }

        assertThat(onward.get("traceparent")).startsWith("00-" + TRACE).endsWith("-01");
        assertThat(onward).containsEntry("tracestate", "a=b");
        List<TraceReceiver.Received> spans = receiver.spans();
        assertThat(spans)
                .extracting(TraceReceiver.Received::name)
                .containsExactly("GET origin", "GET /x");
        assertThat(spans).allMatch(span -> span.trace().equals(TRACE));
        assertThat(spans.get(0).parent()).isEqualTo(spans.get(1).span());
        assertThat(spans.get(1).parent()).isEqualTo(PARENT);
        assertThat(spans.get(1).service()).isEqualTo("example");
    }

    @Test
    void callsThatHaveEndedArePartOfWhatTheirThreadDoesAlsoElsewhere() throws Exception {
        try (Tracing tracing = tracing(1, true)) {
            Span span = tracing.server("GET /x", _ -> null);
            Runnable later;
            try (Scope _ = span.makeCurrent()) {
                tracing.ended("here", 1_000_000, false, call -> call.setAttribute("n", 1));
                later = Tracing.carrying(() -> tracing.ended("there", 1_000_000, true, _ -> {}));
            }
            Thread.ofVirtual().start(later).join();
            span.end();
        }

        List<TraceReceiver.Received> spans = receiver.spans();
        assertThat(spans)
                .extracting(TraceReceiver.Received::name)
                .containsExactly("here", "there", "GET /x");
        assertThat(spans.subList(0, 2)).allMatch(span -> span.parent().equals(spans.get(2).span()));
        assertThat(spans.get(0).attributes()).containsEntry("n", "1");
        assertThat(spans.get(2).parent()).isEmpty();
    }

    @Test
    void whetherAParentThatIsRecordedIsFollowedIsASetting() {
        try (Tracing following = tracing(1_000_000_000, true);
                Tracing choosing = tracing(1_000_000_000, false)) {
            assertThat(following.server("a", fields("01")).isRecording()).isTrue();
            assertThat(following.server("a", fields("00")).isRecording()).isFalse();
            assertThat(choosing.server("a", fields("01")).isRecording()).isFalse();
            assertThat(Tracing.exemplar(choosing.server("a", fields("01")))).isNull();
        }
    }

    @Test
    void switchedOffNothingIsMade() {
        try (Tracing off =
                Tracing.open(
                        new TracingConfig(
                                false,
                                receiver.endpoint(),
                                1,
                                true,
                                Duration.ofSeconds(1),
                                1,
                                Duration.ofSeconds(1)),
                        "example")) {
            assertThat(off).isSameAs(Tracing.OFF);
            assertThat(off.isOn()).isFalse();
            assertThat(off.server("a", fields("01")).isRecording()).isFalse();
        }
        assertThat(receiver.spans()).isEmpty();
    }
}
