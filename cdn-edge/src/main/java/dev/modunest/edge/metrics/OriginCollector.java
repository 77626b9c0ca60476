package dev.modunest.edge.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;

import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The origin servers that there are at a scrape: those that have left, leave no series. */
final class OriginCollector extends Collector {

    private static final List<String> LABELS = List.of("origin");

    private final Supplier<List<OriginSample>> servers;

    OriginCollector(Supplier<List<OriginSample>> servers) {
        this.servers = servers;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        List<OriginSample> now = servers.get();
        return List.of(
                gauge(
                        now,
                        "modunest_edge_origin_up",
                        "1 while the probes of the origin server are good.",
                        sample -> sample.up() ? 1 : 0),
                gauge(
                        now,
                        "modunest_edge_origin_breaker",
                        "0 closed, 1 half open, 2 open.",
                        OriginCollector::breaker),
                gauge(
                        now,
                        "modunest_edge_origin_load",
                        "Requests under way at the origin server.",
                        OriginSample::load),
                gauge(
                        now,
                        "modunest_edge_origin_latency_seconds",
                        "Moving mean of the time to the first byte.",
                        OriginSample::latencySeconds),
                outcomes(now));
    }

    private static double breaker(OriginSample sample) {
        return switch (sample.breaker()) {
            case "closed" -> 0;
            case "half-open" -> 1;
            default -> 2;
        };
    }

    private static MetricFamilySamples gauge(
            List<OriginSample> now,
            String name,
            String text,
            ToDoubleFunction<OriginSample> value) {
        GaugeMetricFamily family = new GaugeMetricFamily(name, text, LABELS);
        now.forEach(
                sample -> family.addMetric(List.of(sample.origin()), value.applyAsDouble(sample)));
        return family;
    }

    private static MetricFamilySamples outcomes(List<OriginSample> now) {
        CounterMetricFamily family =
                new CounterMetricFamily(
                        "modunest_edge_origin_attempts_total",
                        "Requests to the origin server that brought a head, or failed.",
                        List.of("origin", "outcome"));
        for (OriginSample sample : now) {
            family.addMetric(List.of(sample.origin(), "answered"), (double) sample.answered());
            family.addMetric(List.of(sample.origin(), "failed"), (double) sample.failed());
        }
        return family;
    }
}
