package dev.modunest.server.metrics;

import dev.modunest.telemetry.Exposition;
import dev.modunest.telemetry.ProcessMetrics;
import dev.modunest.telemetry.Tracing;

import io.opentelemetry.api.trace.Span;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import io.prometheus.client.Histogram;

import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The metrics of one server, in a registry of its own. Thread-safe. */
public final class Metrics {

    private static final double NANOS = 1e9;

    private final CollectorRegistry registry = ProcessMetrics.registry("artifact-server");
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

    private final Histogram poolWaits =
            Histogram.build(
                            "modunest_database_pool_wait_seconds",
                            "Wait of a caller for a connection to Postgres.")
                    .labelNames("server")
                    .buckets(.0001, .0005, .001, .005, .01, .05, .1, .5, 1, 5)
                    .register(registry);
    private final Counter poolTimeouts =
            Counter.build(
                            "modunest_database_pool_timeouts_total",
                            "Callers that got no connection to Postgres in time.")
                    .labelNames("server")
                    .register(registry);
    private final Histogram stageSeconds =
            Histogram.build("modunest_publish_stage_seconds", "Time of a publish in a stage.")
                    .labelNames("stage")
                    .buckets(.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 60)
                    .register(registry);
    private final Counter storeCalls =
            Counter.build("modunest_s3_calls_total", "Calls of the storage.")
                    .labelNames("operation", "outcome")
                    .register(registry);
    private final Histogram storeSeconds =
            Histogram.build("modunest_s3_call_seconds", "Time of a call of the storage.")
                    .labelNames("operation")
                    .buckets(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 60)
                    .register(registry);

    /**
     * Counts a request.
     *
     * @param span of it, which an exemplar names when it is recorded
     */
    public void answered(String route, String method, int status, long nanos, Span span) {
        requests.labels(route, method, Integer.toString(status)).inc();
        String[] exemplar = Tracing.exemplar(span);
        if (exemplar == null) {
            seconds.labels(route).observe(nanos / NANOS);
        } else {
            seconds.labels(route).observeWithExemplar(nanos / NANOS, exemplar);
        }
    }

    /** Does {@code work} as the stage of a publish that is called so. */
    public <T> T stage(String name, Supplier<T> work) {
        long begun = System.nanoTime();
        try {
            return work.get();
        } finally {
            stageEnded(name, System.nanoTime() - begun);
        }
    }

    public void stageEnded(String name, long nanos) {
        stageSeconds.labels(name).observe(nanos / NANOS);
    }

    public void storeCalled(String operation, String outcome, long nanos) {
        storeCalls.labels(operation, outcome).inc();
        storeSeconds.labels(operation).observe(nanos / NANOS);
    }

    public void connectionAcquired(String server, long nanos) {
        poolWaits.labels(server).observe(nanos / NANOS);
    }

    public void connectionTimedOut(String server) {
        poolTimeouts.labels(server).inc();
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

    /** Adds a gauge without labels that is read when the metrics are asked for. */
    public void gauge(String name, String help, DoubleSupplier value) {
        new Collector() {
            @Override
            public List<MetricFamilySamples> collect() {
                return List.of(new GaugeMetricFamily(name, help, value.getAsDouble()));
            }
        }.register(registry);
    }

    /** Adds what is counted elsewhere, since the start. */
    public void counter(
            String name, String help, Map<String, String> labels, DoubleSupplier value) {
        new Collector() {
            @Override
            public List<MetricFamilySamples> collect() {
                return List.of(
                        new CounterMetricFamily(name, help, List.copyOf(labels.keySet()))
                                .addMetric(List.copyOf(labels.values()), value.getAsDouble()));
            }
        }.register(registry);
    }

    /** All of it in that format. */
    public String text(Exposition format) {
        return format.text(registry);
    }
}
