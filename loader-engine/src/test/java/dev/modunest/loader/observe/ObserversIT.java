package dev.modunest.loader.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.loader.LoadReport;
import dev.modunest.loader.PluginLifecycleHooks;
import dev.modunest.loader.PluginLoader;
import dev.modunest.loader.testing.FakeRegistry;
import dev.modunest.loader.testing.Recorder;
import dev.modunest.loader.testing.TestOptions;
import dev.modunest.loader.testing.TestPlugin;
import dev.modunest.telemetry.MetricsTable;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

class ObserversIT {

    @TempDir private Path cache;

    @Test
    void metricsTimelineAndFlightEventsTellALoad() throws Exception {
        Recorder.reset();
        CollectorRegistry metrics = new CollectorRegistry();
        Path flight = cache.resolve("flight.jfr");
        PluginLifecycleHooks failing =
                new PluginLifecycleHooks() {
                    @Override
                    public void afterStop(dev.modunest.format.Coordinate plugin) throws Exception {
                        throw new Exception("no");
                    }
                };
        try (FakeRegistry registry = new FakeRegistry();
                Recording recording = new Recording();
                PluginLoader loader =
                        PluginLoader.open(
                                TestOptions.in(cache, registry)
                                        .hooks(failing)
                                        .onEvent(
                                                LoaderMetrics.listener(
                                                        new PrometheusMetrics(metrics)))
                                        .onEvent(FlightEvents.listener())
                                        .build())) {
            recording.start();
            registry.add(
                    TestPlugin.recording("a/good@1.0.0"),
                    TestPlugin.of("a/bad@1.0.0").starting("throw new Exception();"),
                    TestPlugin.recording("a/child@1.0.0").requires("a/bad", "*"));
            LoadReport report =
                    loader.load(List.of(Requirement.parse("a/good"), Requirement.parse("a/child")));
            loader.reload(PluginId.parse("a/good"));
            loader.unloaded(Duration.ofSeconds(20));
            recording.dump(flight);
            checkTimeline(report);
        }
        assertThat(value(metrics, "modunest_loader_plugins_total", "loaded", "")).isEqualTo(2);
        assertThat(value(metrics, "modunest_loader_plugins_total", "failed", "start-failed"))
                .isEqualTo(1);
        assertThat(value(metrics, "modunest_loader_plugins_total", "skipped", "")).isEqualTo(1);
        assertThat(metrics.getSampleValue("modunest_loader_network_bytes_total")).isPositive();
        assertThat(
                        metrics.getSampleValue(
                                "modunest_loader_exchange_seconds_count",
                                new String[] {"result"},
                                new String[] {"done"}))
                .isEqualTo(1);
        assertThat(
                        metrics.getSampleValue(
                                "modunest_loader_unloaded_total",
                                new String[] {"collected"},
                                new String[] {"true"}))
                .isEqualTo(1);
        assertThat(
                        metrics.getSampleValue(
                                "modunest_loader_hook_failures_total",
                                new String[] {"hook"},
                                new String[] {"afterStop"}))
                .isPositive();
        assertThat(RecordingFile.readAllEvents(flight))
                .filteredOn(event -> event.getEventType().getName().equals("modunest.Plugin"))
                .extracting((RecordedEvent event) -> event.getString("outcome"))
                .containsExactlyInAnyOrder("loaded", "start-failed", "skipped");
    }

    @Test
    void theTableOfMetricsIsWhatIsExposed() throws IOException {
        CollectorRegistry registry = new CollectorRegistry();
        LoaderMetrics metrics = new PrometheusMetrics(registry);
        metrics.stage("fetch", Duration.ofMillis(1));
        metrics.outcome("failed", "code");
        metrics.exchanged(true, Duration.ofMillis(1), Duration.ofMillis(1));
        metrics.unloaded(true);
        metrics.hookFailed("afterStop");
        StringWriter exposed = new StringWriter();
        TextFormat.write004(exposed, registry.metricFamilySamples());

        MetricsTable table =
                MetricsTable.documented(Path.of("../docs/operations/metrics.md"), "Loader");

        assertThat(table.metrics()).hasSize(8);
        assertThat(table.differences(MetricsTable.exposed(exposed.toString()))).isEmpty();
    }

    private static double value(
            CollectorRegistry metrics, String name, String outcome, String code) {
        Double sample =
                metrics.getSampleValue(
                        name, new String[] {"outcome", "code"}, new String[] {outcome, code});
        return sample == null ? 0 : sample;
    }

    private static void checkTimeline(LoadReport report) throws Exception {
        JsonNode json = new JsonMapper().readTree(LoadTimeline.json(report));
        assertThat(json.path("plugins")).hasSize(3);
        assertThat(json.path("plugins").toString())
                .contains("begin_ms", "wait_ms", "define_ms", "start-failed", "a/bad@1.0.0");
        assertThat(LoadTimeline.html(report))
                .contains("3 plugins in", "<rect", "a/good@1.0.0: start", "start-failed", "skipped")
                .doesNotContain("http");
    }
}
