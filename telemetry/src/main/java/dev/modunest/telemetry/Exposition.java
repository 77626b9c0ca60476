package dev.modunest.telemetry;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.StringWriter;

/**
 * Metrics as text: OpenMetrics 1.0.0, which alone has exemplars, for whoever accepts it, else
 * Prometheus 0.0.4.
 *
 * @param contentType names the format
 */
public record Exposition(String contentType) {

    /**
     * The format for a request.
     *
     * @param accept its {@code Accept}, null when it has none
     */
    public static Exposition accepting(@Nullable String accept) {
        return new Exposition(TextFormat.chooseContentType(accept));
    }

    /** Reads every metric; takes milliseconds. */
    public String text(CollectorRegistry registry) {
        StringWriter out = new StringWriter();
        try {
            TextFormat.writeFormat(contentType, out, registry.metricFamilySamples());
        } catch (IOException impossible) {
            throw new IllegalStateException("a StringWriter does not fail", impossible);
        }
        return out.toString();
    }
}
