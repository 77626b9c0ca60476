package dev.modunest.edge.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import io.prometheus.client.exporter.common.TextFormat;
import io.prometheus.client.hotspot.DefaultExports;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.function.LongSupplier;

/** The metrics of one edge, {@code docs/operations/cdn-edge.md}. Thread-safe. */
public final class EdgeMetrics {

    private final CollectorRegistry registry = new CollectorRegistry();
    private final Counter requests =
            Counter.build("modunest_edge_requests_total", "Requests answered or broken off.")
                    .labelNames("route", "cache", "status")
                    .register(registry);
    private final Counter bytes =
            Counter.build("modunest_edge_response_bytes_total", "Body bytes sent to clients.")
                    .labelNames("route")
                    .register(registry);
    private final Counter hits =
            Counter.build("modunest_edge_hits_total", "Requests answered from a tier.")
                    .labelNames("tier")
                    .register(registry);
    private final Counter fills =
            Counter.build("modunest_edge_fills_total", "Fills ended, by outcome.")
                    .labelNames("outcome")
                    .register(registry);
    private final Counter evictions =
            Counter.build("modunest_edge_evictions_total", "Objects evicted for their room.")
                    .labelNames("tier")
                    .register(registry);
    private final Counter corrupt =
            Counter.build("modunest_edge_corrupt_total", "Disk objects dropped as damaged.")
                    .register(registry);
    private final Histogram originLatency =
            Histogram.build("modunest_edge_origin_seconds", "Origin's time to the first byte.")
                    .labelNames("method")
                    .buckets(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10)
                    .register(registry);
    private final Counter originFailures =
            Counter.build("modunest_edge_origin_failures_total", "Failed exchanges, by kind.")
                    .labelNames("kind")
                    .register(registry);
    private final Gauge tierBytes =
            Gauge.build("modunest_edge_tier_bytes", "Bytes held by a tier.")
                    .labelNames("tier")
                    .register(registry);
    private final Gauge tierObjects =
            Gauge.build("modunest_edge_tier_objects", "Objects held by a tier.")
                    .labelNames("tier")
                    .register(registry);
    private final Gauge fillsRunning =
            Gauge.build("modunest_edge_fills_running", "Fills in flight.").register(registry);

    public EdgeMetrics() {
        DefaultExports.register(registry);
    }

    public void requestEnded(String route, String cache, int status, long bodyBytes) {
        requests.labels(route, cache, Integer.toString(status)).inc();
        bytes.labels(route).inc((double) bodyBytes);
    }

    public void hit(String tier) {
        hits.labels(tier).inc();
    }

    public void fillEnded(String outcome) {
        fills.labels(outcome).inc();
    }

    public void evicted(String tier) {
        evictions.labels(tier).inc();
    }

    public void corruptDropped() {
        corrupt.inc();
    }

    public void originAnswered(String method, long nanos) {
        originLatency.labels(method).observe(nanos / 1e9);
    }

    public void originFailed(String kind) {
        originFailures.labels(kind).inc();
    }

    /** Reads the sizes of {@code tier} at every scrape. */
    public void watchTier(String tier, LongSupplier heldBytes, LongSupplier heldObjects) {
        tierBytes.setChild(watching(heldBytes), tier);
        tierObjects.setChild(watching(heldObjects), tier);
    }

    /** Reads the number of running fills at every scrape. */
    public void watchFills(LongSupplier running) {
        fillsRunning.setChild(watching(running));
    }

    /** The text exposition format; takes milliseconds, so not for an event loop. */
    public String scrape() {
        StringWriter out = new StringWriter();
        try {
            TextFormat.write004(out, registry.metricFamilySamples());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toString();
    }

    private static Gauge.Child watching(LongSupplier value) {
        return new Gauge.Child() {
            @Override
            public double get() {
                return (double) value.getAsLong();
            }
        };
    }
}
