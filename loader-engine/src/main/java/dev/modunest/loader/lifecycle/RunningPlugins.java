package dev.modunest.loader.lifecycle;

import dev.modunest.format.Coordinate;
import dev.modunest.format.PluginId;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

    /**
     * Stops {@code plugin} with what requires it, the last that started first.
     *
     * @return what was stopped, in that order
     */
    List<Coordinate> stopWithDependents(Coordinate plugin, Duration deadlineEach) {
        Set<PluginId> going = new HashSet<>();
        List<RunningPlugin> affected = new ArrayList<>();
        for (RunningPlugin running : list()) { // each after what it requires
            boolean isGoing =
                    running.coordinate().equals(plugin)
                            || running.manifest().requires().stream()
                                    .anyMatch(required -> going.contains(required.plugin()));
            if (isGoing) {
                going.add(running.coordinate().plugin());
                affected.add(running);
            }
        }
        for (RunningPlugin running : affected.reversed()) {
            running.stop(deadlineEach);
            remove(running);
        }
        return affected.reversed().stream().map(RunningPlugin::coordinate).toList();
    }

    private synchronized void remove(RunningPlugin plugin) {
        plugins.remove(plugin.coordinate().plugin());
    }
}
