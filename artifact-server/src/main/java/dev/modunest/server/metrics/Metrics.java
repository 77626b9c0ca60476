package dev.modunest.server.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.GaugeMetricFamily;
import io.prometheus.client.Histogram;
import io.prometheus.client.exporter.common.TextFormat;
import io.prometheus.client.hotspot.BufferPoolsExports;
import io.prometheus.client.hotspot.GarbageCollectorExports;
import io.prometheus.client.hotspot.MemoryPoolsExports;
import io.prometheus.client.hotspot.StandardExports;
import io.prometheus.client.hotspot.ThreadExports;
import io.prometheus.client.hotspot.VersionInfoExports;

import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The metrics of one server, in a registry of its own. Thread-safe. */
public final class Metrics {

    private static final double NANOS = 1e9;

    private final CollectorRegistry registry = new CollectorRegistry(true);
    private final Counter requests =
            Counter.build("modunest_http_requests_total", "Requests answered; status 0: cut off.")
                    .labelNames("route", "method", "status")
                    .register(registry);
    private final Histogram seconds =
            Histogram.build("modunest_http_request_seconds", "Time from first byte to answer.")
                    .labelNames("route")
                    .buckets(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 60)
                    .register(registry);
    private final Counter publishes =
            Counter.build(
                            "modunest_publishes_total",
                            "Publishes: published, or the code of the problem.")
                    .labelNames("outcome")
                    .register(registry);
    private final Counter publishedBytes =
            Counter.build("modunest_published_bytes_total", "Bytes of published artifacts.")
                    .register(registry);
    private final Counter downloadedBytes =
            Counter.build("modunest_downloaded_bytes_total", "Bytes of artifacts sent.")
                    .register(registry);

    private final Histogram statementSeconds =
            Histogram.build(
                            "modunest_database_statement_seconds",
                            "Time until Postgres answered, by the method a statement stands in.")
                    .labelNames("statement")
                    .buckets(.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5, 30)
                    .register(registry);
    private final Counter slowStatements =
            Counter.build(
                            "modunest_database_slow_statements_total",
                            "Statements that ran for database.slow_statement or longer.")
                    .labelNames("statement")
                    .register(registry);
    private final Counter failedStatements =
            Counter.build(
                            "modunest_database_failed_statements_total",
                            "Statements that Postgres answered with an error, or not at all.")
                    .labelNames("statement")
                    .register(registry);

    public Metrics() {
        new StandardExports().register(registry);
        new MemoryPoolsExports().register(registry);
        new GarbageCollectorExports().register(registry);
        new ThreadExports().register(registry);
        new BufferPoolsExports().register(registry);
        new VersionInfoExports().register(registry);
    }

    public void answered(String route, String method, int status, long nanos) {
        requests.labels(route, method, Integer.toString(status)).inc();
        seconds.labels(route).observe(nanos / NANOS);
    }

    public void published(long bytes) {
        publishes.labels("published").inc();
        publishedBytes.inc((double) bytes);
    }

    public void publishRefused(String code) {
        publishes.labels(code).inc();
    }

    public void statementRan(String statement, long nanos, boolean slow, boolean failed) {
        statementSeconds.labels(statement).observe(nanos / NANOS);
        if (slow) {
            slowStatements.labels(statement).inc();
        }
        if (failed) {
            failedStatements.labels(statement).inc();
        }
    }

    public void downloaded(long bytes) {
        downloadedBytes.inc((double) bytes);
    }

    /**
     * Adds a gauge with one label whose values are read together when the metrics are asked for.
     *
     * @param values how each value of the label is read
     */
    public <T> void gauge(
            String name,
            String help,
            String label,
            Supplier<T> source,
            Map<String, ToDoubleFunction<T>> values) {
        new Collector() {
            @Override
            public List<MetricFamilySamples> collect() {
                GaugeMetricFamily family = new GaugeMetricFamily(name, help, List.of(label));
                T now = source.get();
                values.forEach(
                        (value, read) -> family.addMetric(List.of(value), read.applyAsDouble(now)));
                return List.of(family);
            }
        }.register(registry);
    }

    /** Adds what {@code collector} tells at each scrape. */
    public void add(Collector collector) {
        collector.register(registry);
    }

    /** The Prometheus text format 0.0.4. */
    public String text() {
        StringWriter out = new StringWriter();
        try {
            TextFormat.write004(out, registry.metricFamilySamples());
        } catch (IOException impossible) {
            throw new IllegalStateException("a StringWriter does not fail", impossible);
        }
        return out.toString();
    }
}
