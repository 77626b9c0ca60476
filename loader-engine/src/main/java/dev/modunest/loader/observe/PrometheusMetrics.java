package dev.modunest.loader.observe;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;

import java.time.Duration;

/** Metrics of an engine by the Prometheus simpleclient, which a host brings. */
public final class PrometheusMetrics implements LoaderMetrics {

    private static final double NANOS = 1e9;

    private final Histogram stages;
    private final Counter outcomes;
    private final Histogram loads;
    private final Counter bytes;
    private final Histogram exchanges;
    private final Histogram pauses;
    private final Counter unloaded;
    private final Counter hooks;

    /** Registers the collectors; one engine for each registry. */
    public PrometheusMetrics(CollectorRegistry registry) {
        stages =
                Histogram.build("modunest_loader_stage_seconds", "Time of a plugin in a stage.")
                        .labelNames("stage")
                        .buckets(.0005, .002, .01, .05, .2, 1, 5, 30)
                        .register(registry);
        outcomes =
                Counter.build("modunest_loader_plugins_total", "Plugins by outcome and code.")
                        .labelNames("outcome", "code")
                        .register(registry);
        loads =
                Histogram.build("modunest_loader_load_seconds", "Time of a load.")
                        .buckets(.1, .3, 1, 3, 10, 30, 120)
                        .register(registry);
        bytes =
                Counter.build("modunest_loader_network_bytes_total", "Bytes that were fetched.")
                        .register(registry);
        exchanges =
                Histogram.build("modunest_loader_exchange_seconds", "Time of an exchange.")
                        .labelNames("result")
                        .buckets(.02, .1, .3, 1, 3, 10, 30)
                        .register(registry);
        pauses =
                Histogram.build("modunest_loader_pause_seconds", "How long calls waited for it.")
                        .buckets(.005, .02, .1, .3, 1, 3, 10)
                        .register(registry);
        unloaded =
                Counter.build("modunest_loader_unloaded_total", "Class loaders that were closed.")
                        .labelNames("collected")
                        .register(registry);
        hooks =
                Counter.build("modunest_loader_hook_failures_total", "Hooks that failed.")
                        .labelNames("hook")
                        .register(registry);
    }

    @Override
    public void stage(String stage, Duration time) {
        stages.labels(stage).observe(time.toNanos() / NANOS);
    }

    @Override
    public void outcome(String outcome, String code) {
        outcomes.labels(outcome, code).inc();
    }

    @Override
    public void loaded(Duration wall, long networkBytes) {
        loads.observe(wall.toNanos() / NANOS);
        bytes.inc((double) networkBytes);
    }

    @Override
    public void exchanged(boolean done, Duration wall, Duration pause) {
        exchanges.labels(done ? "done" : "rolled-back").observe(wall.toNanos() / NANOS);
        pauses.observe(pause.toNanos() / NANOS);
    }

    @Override
    public void unloaded(boolean collected) {
        unloaded.labels(String.valueOf(collected)).inc();
    }

    @Override
    public void hookFailed(String hook) {
        hooks.labels(hook).inc();
    }
}
