package dev.modunest.edge.metrics;

import dev.modunest.telemetry.CertificateExpiry;
import dev.modunest.telemetry.Exposition;
import dev.modunest.telemetry.ProcessMetrics;
import dev.modunest.telemetry.Tracing;

import io.opentelemetry.api.trace.Span;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The metrics of one edge, {@code docs/operations/cdn-edge.md}. Thread-safe. */
public final class EdgeMetrics {

    private final CollectorRegistry registry = ProcessMetrics.registry("cdn-edge");
    private final Counter requests =
            Counter.build("modunest_edge_requests_total", "Requests answered or broken off.")
                    .labelNames("route", "cache", "status")
                    .register(registry);
    private final Histogram seconds =
            Histogram.build(
                            "modunest_edge_request_seconds",
                            "From the head of a request to the end of its response.")
                    .labelNames("route")
                    .buckets(.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 60)
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
    private final Counter responses =
            Counter.build(
                            "modunest_edge_responses_stored_total",
                            "Contents of responses that came to be stored, by outcome.")
                    .labelNames("outcome")
                    .register(registry);
    private final Counter evictions =
            Counter.build("modunest_edge_evictions_total", "Objects evicted for their room.")
                    .labelNames("tier")
                    .register(registry);
    private final Counter corrupt =
            Counter.build("modunest_edge_corrupt_total", "Disk objects dropped as damaged.")
                    .register(registry);
    private final Counter purges =
            Counter.build("modunest_edge_purged_total", "Entries that an event has outdated.")
                    .labelNames("tier")
                    .register(registry);
    private final Counter resets =
            Counter.build("modunest_edge_resets_total", "Times that all documents were dropped.")
                    .register(registry);
    private final Gauge streamConnected =
            Gauge.build("modunest_edge_stream_connected", "1 while the origin's events are heard.")
                    .register(registry);
    private final Gauge streamSilence =
            Gauge.build("modunest_edge_stream_silence_seconds", "Since the last event was heard.")
                    .register(registry);
    private final Gauge appliedSerial =
            Gauge.build("modunest_edge_applied_serial", "Serial number of the last event applied.")
                    .register(registry);
    private final Gauge rechecks =
            Gauge.build("modunest_edge_rechecks_waiting", "Objects to be asked for after a reset.")
                    .register(registry);
    private final Counter prefetches =
            Counter.build("modunest_edge_prefetched_total", "Targets of prefetches that ended.")
                    .labelNames("outcome")
                    .register(registry);
    private final Gauge prefetchesWaiting =
            Gauge.build("modunest_edge_prefetches_waiting", "Targets to be prefetched.")
                    .register(registry);
    private final Counter downloadsDropped =
            Counter.build(
                            "modunest_edge_downloads_dropped_total",
                            "Downloads that are not counted for want of room or by refusal.")
                    .register(registry);
    private final Counter batches =
            Counter.build("modunest_edge_download_batches_total", "Batches of counts sent.")
                    .labelNames("outcome")
                    .register(registry);
    private final Gauge batchesWaiting =
            Gauge.build("modunest_edge_download_batches_waiting", "Batches on disk to be sent.")
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
    private final Counter originRetries =
            Counter.build(
                            "modunest_edge_origin_retries_total",
                            "Further attempts of a request, and those that the budget refused.")
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
    private final Gauge diskFree =
            Gauge.build("modunest_edge_disk_free_bytes", "Of the file system of the disk tier.")
                    .register(registry);
    private final Gauge diskSize =
            Gauge.build("modunest_edge_disk_size_bytes", "Of the file system of the disk tier.")
                    .register(registry);
    private final Gauge fillsRunning =
            Gauge.build("modunest_edge_fills_running", "Fills in flight.").register(registry);

    private final Gauge connections =
            Gauge.build("modunest_edge_connections", "Connections of clients.").register(registry);
    private final Gauge accessKeysAge =
            Gauge.build(
                            "modunest_edge_access_keys_age_seconds",
                            "Since the origin told the keys of signed URLs; -1 when it never did.")
                    .register(registry);
    private final Counter limited =
            Counter.build(
                            "modunest_edge_requests_limited_total",
                            "Requests refused by limits.rate.")
                    .register(registry);
    private final Counter linesDropped =
            Counter.build(
                            "modunest_edge_access_lines_dropped_total",
                            "Lines of the access log that found its queue full.")
                    .register(registry);
    private final Gauge tlsEngine =
            Gauge.build("modunest_edge_tls_engine", "1 for what encrypts.")
                    .labelNames("engine")
                    .register(registry);
    private final Counter connectionsEnded =
            Counter.build(
                            "modunest_edge_connections_ended_total",
                            "Connections that the edge ended or did not take, by reason.")
                    .labelNames("reason")
                    .register(registry);

    /** Looked up once for each request, and cheaper so than by a list of labels. */
    private final Map<Ended, Counter.Child> endedChildren = new ConcurrentHashMap<>();

    private final Map<String, Counter.Child> bytesChildren = new ConcurrentHashMap<>();
    private final Map<String, Histogram.Child> secondsChildren = new ConcurrentHashMap<>();
    private final Map<String, Counter.Child> hitChildren = new ConcurrentHashMap<>();

    private record Ended(String route, String cache, int status) {}

    /**
     * Counts a request.
     *
     * @param span of it, which an exemplar names when it is recorded
     */
    public void requestEnded(
            String route, String cache, int status, long bodyBytes, long nanos, Span span) {
        Histogram.Child times = secondsChildren.computeIfAbsent(route, seconds::labels);
        String[] exemplar = Tracing.exemplar(span);
        if (exemplar == null) {
            times.observe(nanos / 1e9);
        } else {
            times.observeWithExemplar(nanos / 1e9, exemplar);
        }
        Ended ended = new Ended(route, cache, status);
        Counter.Child counted = endedChildren.get(ended);
        if (counted == null) {
            counted = requests.labels(route, cache, Integer.toString(status));
            endedChildren.put(ended, counted);
        }
        counted.inc();
        bytesChildren.computeIfAbsent(route, bytes::labels).inc((double) bodyBytes);
    }

    public void hit(String tier) {
        hitChildren.computeIfAbsent(tier, hits::labels).inc();
    }

    public void fillEnded(String outcome) {
        fills.labels(outcome).inc();
    }

    public void responseStored(String outcome) {
        responses.labels(outcome).inc();
    }

    public void evicted(String tier) {
        evictions.labels(tier).inc();
    }

    public void corruptDropped() {
        corrupt.inc();
    }

    public void purged(String tier) {
        purges.labels(tier).inc();
    }

    public void reset() {
        resets.inc();
    }

    /** Reads the state of the event stream at every scrape. */
    public void watchStream(
            LongSupplier connected, DoubleSupplier silenceSeconds, LongSupplier applied) {
        streamConnected.setChild(watching(connected));
        streamSilence.setChild(watching(silenceSeconds));
        appliedSerial.setChild(watching(applied));
    }

    public void watchRechecks(LongSupplier waiting) {
        rechecks.setChild(watching(waiting));
    }

    /**
     * Counts a target of a prefetch.
     *
     * @param outcome {@code done} or {@code failed}
     */
    public void prefetched(String outcome) {
        prefetches.labels(outcome).inc();
    }

    public void watchPrefetches(LongSupplier waiting) {
        prefetchesWaiting.setChild(watching(waiting));
    }

    public void downloadsDropped(long downloads) {
        downloadsDropped.inc((double) downloads);
    }

    public void batchSent(String outcome) {
        batches.labels(outcome).inc();
    }

    public void watchBatches(LongSupplier waiting) {
        batchesWaiting.setChild(watching(waiting));
    }

    public void originAnswered(String method, long nanos) {
        originLatency.labels(method).observe(nanos / 1e9);
    }

    public void originFailed(String kind) {
        originFailures.labels(kind).inc();
    }

    /**
     * Counts a further attempt.
     *
     * @param kind {@code retry}, {@code hedge}, or {@code refused} for want of budget
     */
    public void originRetried(String kind) {
        originRetries.labels(kind).inc();
    }

    /** Reads the state of every origin server at every scrape. */
    public void watchOrigins(Supplier<List<OriginSample>> servers) {
        new OriginCollector(servers).register(registry);
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

    /** Reads the age of the keys of signed URLs at every scrape. */
    public void watchAccessKeys(LongSupplier ageSeconds) {
        accessKeysAge.setChild(watching(ageSeconds));
    }

    public void watchConnections(LongSupplier open) {
        connections.setChild(watching(open));
    }

    public void tlsEngine(String engine) {
        tlsEngine.labels(engine).set(1);
    }

    public void requestLimited() {
        limited.inc();
    }

    public void accessLineDropped() {
        linesDropped.inc();
    }

    public void connectionEnded(String reason) {
        connectionsEnded.labels(reason).inc();
    }

    /** How full each tier is. */
    public List<TierSample> tiers() {
        return tierBytes.collect().getFirst().samples.stream()
                .map(sample -> sample.labelValues.getFirst())
                .map(
                        tier ->
                                new TierSample(
                                        tier,
                                        (long) tierBytes.labels(tier).get(),
                                        (long) tierObjects.labels(tier).get()))
                .toList();
    }

    public long fillsRunning() {
        return (long) fillsRunning.labels().get();
    }

    public long prefetchesWaiting() {
        return (long) prefetchesWaiting.labels().get();
    }

    public long connections() {
        return (long) connections.labels().get();
    }

    /** Reads when certificates end at every scrape, by what they are for. */
    public void watchCertificates(Supplier<Map<String, Instant>> ends) {
        new CertificateExpiry(ends).register(registry);
    }

    /** Reads the room on the disk at every scrape. */
    public void watchDisk(DoubleSupplier freeBytes, DoubleSupplier sizeBytes) {
        diskFree.setChild(watching(freeBytes));
        diskSize.setChild(watching(sizeBytes));
    }

    /** All of it in that format; takes milliseconds, so not for an event loop. */
    public String scrape(Exposition format) {
        return format.text(registry);
    }

    private static Gauge.Child watching(DoubleSupplier value) {
        return new Gauge.Child() {
            @Override
            public double get() {
                return value.getAsDouble();
            }
        };
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
