package dev.modunest.telemetry;

import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** When certificates end that the process uses, by what they are for. */
public final class CertificateExpiry extends Collector {

    private final Supplier<Map<String, Instant>> ends;

    /**
     * Certificates that may be exchanged while the process runs.
     *
     * @param ends read at every scrape
     */
    public CertificateExpiry(Supplier<Map<String, Instant>> ends) {
        this.ends = ends;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        GaugeMetricFamily family =
                new GaugeMetricFamily(
                        "modunest_certificate_expiry_timestamp_seconds",
                        "When the certificate ends, Unix time.",
                        List.of("certificate"));
        new TreeMap<>(ends.get())
                .forEach(
                        (certificate, end) ->
                                family.addMetric(
                                        List.of(certificate), (double) end.getEpochSecond()));
        return List.of(family);
    }
}
