package dev.modunest.loader;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What one load did.
 *
 * @param plugins in the order of the plan
 * @param wall from the call to the last outcome, resolution included
 */
public record LoadReport(List<PluginReport> plugins, Duration wall) {

    public LoadReport {
        plugins = List.copyOf(plugins);
    }

    /** Whether every plugin runs. */
    public boolean complete() {
        return failures().isEmpty();
    }

    /** The plugins that failed or were skipped. */
    public List<PluginReport> failures() {
        List<PluginReport> failures = new ArrayList<>();
        for (PluginReport plugin : plugins) {
            if (!(plugin.outcome() instanceof Outcome.Loaded)) {
                failures.add(plugin);
            }
        }
        return List.copyOf(failures);
    }

    /** Bytes that came over the network. */
    public long fetchedBytes() {
        return plugins.stream().mapToLong(PluginReport::fetchedBytes).sum();
    }
}
