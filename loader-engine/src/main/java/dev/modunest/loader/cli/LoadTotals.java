package dev.modunest.loader.cli;

import dev.modunest.loader.LoadReport;
import dev.modunest.loader.Outcome;
import dev.modunest.loader.PluginReport;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;

/**
 * The sums of a report.
 *
 * @param slowest the plugin with the most work, waiting left out
 */
record LoadTotals(
        int plugins,
        int loaded,
        int failed,
        int skipped,
        Duration wall,
        Optional<PluginReport> slowest,
        long bytes) {

    static LoadTotals of(LoadReport report) {
        int loaded = 0;
        int failed = 0;
        int skipped = 0;
        for (PluginReport plugin : report.plugins()) {
            switch (plugin.outcome()) {
                case Outcome.Loaded _ -> loaded++;
                case Outcome.Failed _ -> failed++;
                case Outcome.Skipped _ -> skipped++;
            }
        }
        return new LoadTotals(
                report.plugins().size(),
                loaded,
                failed,
                skipped,
                report.wall(),
                report.plugins().stream().max(Comparator.comparing(LoadTotals::work)),
                report.fetchedBytes());
    }

    /** What one plugin took; nothing when it did not get to run. */
    static Duration work(PluginReport plugin) {
        return plugin.outcome() instanceof Outcome.Loaded loaded
                ? loaded.times().work()
                : Duration.ZERO;
    }

    static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 1e4) / 100.0;
    }

    /** Megabytes (10^6) fetched in each second of the whole load. */
    double megabytesPerSecond() {
        return wall.isZero() ? 0 : Math.round(bytes * 1e5 / wall.toNanos()) / 100.0;
    }
}
