package dev.modunest.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Histogram;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Map;

class ProcessMetricsTest {

    private final CollectorRegistry registry = ProcessMetrics.registry("example");

    @Test
    void theProcessTellsWhatItIs() {
        assertThat(ProcessMetrics.version()).matches("[0-9]+\\.[0-9]+\\.[0-9]+.*");
        assertThat(Exposition.accepting(null).text(registry))
                .contains("modunest_build_info{process=\"example\",version=\"0.")
                .contains("jvm_info{", "process_cpu_seconds_total ");
    }

    @Test
    void exemplarsAreInOpenMetricsAlone() {
        Histogram.build("example_seconds", "Times.")
                .register(registry)
                .observeWithExemplar(.3, "trace_id", "t-1");

        Exposition openMetrics =
                Exposition.accepting("application/openmetrics-text; version=1.0.0");
        assertThat(openMetrics.contentType())
                .isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(openMetrics.text(registry)).contains("# {trace_id=\"t-1\"} 0.3");
        assertThat(Exposition.accepting("text/plain").text(registry)).doesNotContain("t-1");
    }

    @Test
    void theEndOfACertificateIsUnixTime() {
        registry.register(
                new CertificateExpiry(() -> Map.of("tls", Instant.ofEpochSecond(1_800_000_000))));

        assertThat(Exposition.accepting(null).text(registry))
                .contains(
                        "modunest_certificate_expiry_timestamp_seconds{certificate=\"tls\",} 1.8E9");
    }

    @Test
    void theTableTellsWhatDiffers() {
        MetricsTable here =
                MetricsTable.exposed(
                        "# TYPE a counter\na{x=\"1,\\\"}\",} 1\n# TYPE b gauge\nb 1\n");
        MetricsTable there =
                MetricsTable.exposed("# TYPE a gauge\na{y=\"1\",} 1\n# TYPE c gauge\nc 1\n");

        assertThat(here.differences(here)).isEmpty();
        assertThat(here.differences(there)).hasSize(3);
    }
}
