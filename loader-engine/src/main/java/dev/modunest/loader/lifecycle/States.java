package dev.modunest.loader.lifecycle;

import dev.modunest.format.PluginId;
import dev.modunest.loader.ExchangeReport;
import dev.modunest.loader.LoaderException;
import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.PluginStates;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** The state of plugins as files. */
record States(LoaderOptions options, LoadTurn turn, RunningPlugins running, Changes changes)
        implements PluginStates {

    @Override
    public void backup(PluginId plugin, Path file) throws InterruptedException {
        turn.take(
                () -> {
                    StateFile.write(file, save(running.get(plugin)));
                    return file;
                });
    }

    private SavedState save(RunningPlugin plugin) throws InterruptedException {
        plugin.gate().close(new Object());
        try {
            if (!plugin.gate().drain(options.reload().drain())) {
                throw new LoaderException(
                        "drain-deadline", plugin.coordinate() + " is used all the time");
            }
            return new StateTransfer(options)
                    .save(plugin)
                    .orElseThrow(
                            () ->
                                    new LoaderException(
                                            "no-state", plugin.coordinate() + " has no state"));
        } catch (StateTransfer.StateException refused) {
            throw new LoaderException(
                    refused.code(), String.valueOf(refused.getMessage()), refused);
        } finally {
            plugin.gate().reopen();
        }
    }

    @Override
    public ExchangeReport restore(PluginId plugin, Path file) throws InterruptedException {
        return turn.take(
                () -> {
                    running.get(plugin);
                    SavedState state = StateFile.read(file, plugin);
                    return changes.reload(Set.of(plugin), Map.of(plugin, state));
                });
    }
}
