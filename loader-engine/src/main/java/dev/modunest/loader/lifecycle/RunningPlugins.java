package dev.modunest.loader.lifecycle;

import dev.modunest.format.Coordinate;
import dev.modunest.format.PluginId;
import dev.modunest.loader.LoaderException;

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

    /**
     * @throws LoaderException {@code not-running}
     */
    RunningPlugin get(PluginId plugin) {
        return find(plugin)
                .orElseThrow(
                        () -> new LoaderException("not-running", plugin + " does not run here"));
    }

    synchronized List<RunningPlugin> list() {
        return List.copyOf(plugins.values());
    }

    synchronized void remove(RunningPlugin plugin) {
        plugins.remove(plugin.coordinate().plugin(), plugin);
    }

    /** Puts {@code coming} in the place of {@code going}, in one step. */
    synchronized void exchange(List<RunningPlugin> going, List<RunningPlugin> coming) {
        going.forEach(plugin -> plugins.remove(plugin.coordinate().plugin(), plugin));
        coming.forEach(plugin -> plugins.put(plugin.coordinate().plugin(), plugin));
    }

    /** {@code roots} with what requires them, directly or not, in the order of start. */
    List<RunningPlugin> withDependents(Set<PluginId> roots) {
        Set<Coordinate> going = new HashSet<>();
        List<RunningPlugin> affected = new ArrayList<>();
        for (RunningPlugin running : list()) { // each after what it requires
            boolean isGoing =
                    roots.contains(running.coordinate().plugin())
                            || running.planned().step().requires().stream()
                                    .anyMatch(going::contains);
            if (isGoing) {
                going.add(running.coordinate());
                affected.add(running);
            }
        }
        return affected;
    }
}
