package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.telemetry.MetricsTable;

import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;

/** What {@code /metrics} says, against docs/operations/metrics.md. */
final class MetricsTableIT extends EdgeIT {

    private static final MetricsTable TABLE =
            MetricsTable.documented(
                    Path.of("../docs/operations/metrics.md"), "Every process", "Edge");

    @Test
    void theTableIsWhatIsExposed() {
        edge.get(FakeOrigin.path(origin.artifact(TestEdge.bytes(100, 1))));
        edge.awaitMetric(FILLED, 1);

        assertThat(TABLE.metrics()).hasSizeGreaterThan(60);
        assertThat(TABLE.differences(MetricsTable.exposed(TestEdge.text(edge.get("/metrics")))))
                .isEmpty();
    }

    @Test
    void whoAcceptsOpenMetricsGetsThem() {
        HttpResponse<byte[]> answer =
                edge.get("/metrics", "Accept", "application/openmetrics-text; version=1.0.0");

        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .startsWith("application/openmetrics-text; version=1.0.0");
        assertThat(answer.headers().firstValue("Vary")).hasValue("Accept");
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).endsWith("# EOF\n");
    }

    @Test
    void theRoomOnTheDiskIsTold() {
        assertThat(edge.metric("modunest_edge_disk_free_bytes"))
                .isPositive()
                .isLessThan(edge.metric("modunest_edge_disk_size_bytes"));
    }

    @Test
    void theEndOfTheCertificatesIsTold() {
        SelfSigned own = SelfSigned.in(directory, "own");
        restart(
                "LISTEN_TLS_CERTIFICATE",
                own.certificate().toString(),
                "LISTEN_TLS_KEY",
                own.key().toString(),
                "LISTEN_TLS_PORT",
                "0",
                "ORIGIN_CA_FILE",
                own.certificate().toString());

        for (String certificate : new String[] {"tls", "origin-trust"}) {
            assertThat(
                            edge.metric(
                                    "modunest_certificate_expiry_timestamp_seconds{certificate=\""
                                            + certificate
                                            + "\",}"))
                    .isGreaterThan((double) Instant.now().getEpochSecond());
        }
    }
}
