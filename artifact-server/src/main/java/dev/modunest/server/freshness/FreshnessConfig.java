package dev.modunest.server.freshness;

import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * How the files of freshness are written and served.
 *
 * @param interval shortest time between two batches, and longest between two looks for work
 * @param batch most changes of the index in a batch, and most plugins while all are looked at
 * @param keep how long a file stays after the next version of it
 * @param memory of files that are served from memory
 */
public record FreshnessConfig(
        @Default("1s") Duration interval,
        @Default("1000") int batch,
        @Default("1h") Duration keep,
        @Default("32MiB") ByteSize memory) {

    public FreshnessConfig {
        if (interval.compareTo(Duration.ofMillis(10)) < 0
                || interval.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("interval is 10ms to 1m, not " + interval);
        }
        if (batch < 1 || batch > 10_000) {
            throw new IllegalArgumentException("batch is 1 to 10000, not " + batch);
        }
        if (keep.compareTo(Duration.ofMinutes(1)) < 0 || keep.compareTo(Duration.ofDays(30)) > 0) {
            throw new IllegalArgumentException("keep is 1m to 30d, not " + keep);
        }
    }
}
