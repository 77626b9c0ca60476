package dev.modunest.telemetry;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.GaugeMetricFamily;
import io.prometheus.client.exemplars.ExemplarConfig;
import io.prometheus.client.hotspot.DefaultExports;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;

/** Registries that begin with what every process tells: the JVM, the process, the build. */
public final class ProcessMetrics {

    private static final String UNKNOWN = "unknown";

    private ProcessMetrics() {}

    /**
     * A registry for a process.
     *
     * @param process {@code artifact-server} or {@code cdn-edge}
     */
    public static CollectorRegistry registry(String process) {
        // Exemplars are given where a span is at hand: looking for one at each count costs.
        ExemplarConfig.disableExemplars();
        CollectorRegistry registry = new CollectorRegistry(true);
        DefaultExports.register(registry);
        registry.register(build(process, version()));
        return registry;
    }

    /** The version of the program, as its build named it. */
    public static String version() {
        try (InputStream in = ProcessMetrics.class.getResourceAsStream("build.properties")) {
            if (in == null) {
                return UNKNOWN;
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", UNKNOWN);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Collector build(String process, String version) {
        GaugeMetricFamily build =
                new GaugeMetricFamily(
                                "modunest_build_info",
                                "What runs here.",
                                List.of("process", "version", "java"))
                        .addMetric(List.of(process, version, Runtime.version().toString()), 1);
        return new Collector() {
            @Override
            public List<MetricFamilySamples> collect() {
                return List.of(build);
            }
        };
    }
}
