package dev.modunest.loader.lifecycle;

import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.Plugin;
import dev.modunest.loader.PluginState;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Takes state from a plugin and gives it to another, through as few migrations as it takes. */
final class StateTransfer {

    private final Duration deadline;
    private final int maxBytes;

    StateTransfer(LoaderOptions options) {
        this.deadline = options.deadlines().start();
        this.maxBytes = options.reload().maxStateBytes();
    }

    /** State cannot be handed over. */
    static final class StateException extends Exception {

        private static final long serialVersionUID = 1L;
        private final String code;

        StateException(String code, String reason) {
            super(reason);
            this.code = code;
        }

        String code() {
            return code;
        }
    }

    /** What {@code plugin} has to hand over; empty when it has no state. */
    Optional<SavedState> save(RunningPlugin plugin) throws StateException, InterruptedException {
        if (plugin.instance().isEmpty()) {
            return Optional.empty();
        }
        Plugin instance = plugin.instance().get();
        try {
            Optional<SavedState> saved =
                    PluginThread.call(
                            "modunest-save " + plugin.coordinate(),
                            plugin.classLoader(),
                            deadline,
                            () -> save(plugin, instance.state()));
            if (saved.isPresent() && saved.get().bytes().length > maxBytes) {
                throw new StateException(
                        "state-too-large",
                        "the state of "
                                + plugin.coordinate()
                                + " has "
                                + saved.get().bytes().length
                                + " bytes and the limit is "
                                + maxBytes
                                + ": raise maxStateBytes");
            }
            return saved;
        } catch (ExecutionException failed) {
            Throwable thrown = Objects.requireNonNullElse(failed.getCause(), failed);
            throw new StateException(
                    "state-save-failed",
                    "saving the state of "
                            + plugin.coordinate()
                            + " threw "
                            + Causes.of(thrown).getFirst());
        } catch (TimeoutException late) {
            throw new StateException(
                    "state-save-failed",
                    plugin.coordinate()
                            + " has not saved its state within "
                            + deadline.toMillis()
                            + " ms");
        }
    }

    private static Optional<SavedState> save(RunningPlugin plugin, Optional<PluginState> state)
            throws Exception {
        return state.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new SavedState(
                                plugin.coordinate(),
                                state.get().version(),
                                state.get().save().clone()));
    }

    /** Gives {@code saved} to {@code plugin}, on its own thread. */
    static void restore(Plugin plugin, SavedState saved) throws Exception {
        PluginState state =
                plugin.state()
                        .orElseThrow(
                                () ->
                                        new StateException(
                                                "state-refused",
                                                saved.from()
                                                        + " hands over state and the one in its"
                                                        + " place takes none"));
        byte[] bytes = saved.bytes();
        for (PluginState.Migration step :
                way(saved.version(), state.version(), state.migrations())) {
            bytes = step.step().migrate(bytes);
        }
        state.restore(bytes);
    }

    /** The shortest way from one form to another (breadth first). */
    static List<PluginState.Migration> way(int from, int to, List<PluginState.Migration> migrations)
            throws StateException {
        Map<Integer, List<PluginState.Migration>> ways = new HashMap<>();
        ways.put(from, List.of());
        Deque<Integer> open = new ArrayDeque<>(List.of(from));
        while (!open.isEmpty() && !ways.containsKey(to)) {
            int at = open.remove();
            for (PluginState.Migration step : migrations) {
                if (step.from() == at && !ways.containsKey(step.to())) {
                    List<PluginState.Migration> longer =
                            new ArrayList<>(ways.getOrDefault(at, List.of()));
                    longer.add(step);
                    ways.put(step.to(), longer);
                    open.add(step.to());
                }
            }
        }
        List<PluginState.Migration> way = ways.get(to);
        if (way == null) {
            throw new StateException(
                    "state-migration-missing",
                    "no migrations lead from state version " + from + " to " + to);
        }
        return way;
    }
}
