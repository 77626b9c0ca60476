package dev.modunest.loader.lifecycle;

import dev.modunest.format.PluginId;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What runs, in the order of start. Thread-safe. */
final class RunningPlugins {

    private final Map<PluginId, RunningPlugin> plugins = new LinkedHashMap<>();

    synchronized void add(RunningPlugin plugin) {
        plugins.put(plugin.coordinate().plugin(), plugin);
    }

    synchronized Optional<RunningPlugin> find(PluginId plugin) {
        return Optional.ofNullable(plugins.get(plugin));
    }

    synchronized List<RunningPlugin> list() {
        return List.copyOf(plugins.values());
    }

    /** Stops what started after the first {@code kept}, the last first. */
    void stopAfter(int kept, Duration deadlineEach) {
        List<RunningPlugin> all = list();
        for (RunningPlugin plugin : all.subList(kept, all.size()).reversed()) {
            plugin.stop(deadlineEach);
            remove(plugin);
        }
    }

    private synchronized void remove(RunningPlugin plugin) {
        plugins.remove(plugin.coordinate().plugin());
    }
}
