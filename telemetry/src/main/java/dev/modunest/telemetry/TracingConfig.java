package dev.modunest.telemetry;

import dev.modunest.settings.Default;

import java.net.URI;
import java.time.Duration;

/**
 * Whether and where traces go.
 *
 * @param endpoint of an OTLP/HTTP receiver; {@code /v1/traces} is added
 * @param oneIn of the traces that begin here one of so many is recorded
 * @param followParent a request that says that its trace is recorded is recorded; else it is one of
 *     {@code oneIn}, too
 * @param timeout longest export
 * @param queueSize spans that wait for their export; more are dropped
 * @param interval between two exports
 */
public record TracingConfig(
        @Default("false") boolean enabled,
        @Default("http://127.0.0.1:4318") URI endpoint,
        @Default("100") int oneIn,
        @Default("true") boolean followParent,
        @Default("10s") Duration timeout,
        @Default("2048") int queueSize,
        @Default("5s") Duration interval) {

    public TracingConfig {
        String scheme = endpoint.getScheme();
        if (endpoint.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new IllegalArgumentException("endpoint is an http or https URI, not " + endpoint);
        }
        if (oneIn < 1 || queueSize < 1) {
            throw new IllegalArgumentException("one_in and queue_size are above zero");
        }
        if (timeout.toMillis() < 1 || interval.toMillis() < 1) {
            throw new IllegalArgumentException("timeout and interval are at least 1ms");
        }
    }
}
