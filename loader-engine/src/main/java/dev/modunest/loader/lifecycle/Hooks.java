package dev.modunest.loader.lifecycle;

import dev.modunest.format.Coordinate;
import dev.modunest.loader.LoaderEvent;
import dev.modunest.loader.Outcome.Stage;
import dev.modunest.loader.PluginLifecycleHooks;
import dev.modunest.loader.log.LoaderLog;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Calls the hooks of the host, each on a thread of its own and within its deadline. */
final class Hooks {

    private final List<PluginLifecycleHooks> hooks;
    private final Duration deadline;
    private final Events events;

    Hooks(List<PluginLifecycleHooks> hooks, Duration deadline, Events events) {
        this.hooks = hooks;
        this.deadline = deadline;
        this.events = events;
    }

    /** A method of the hooks. */
    @FunctionalInterface
    interface Hook {
        void call(PluginLifecycleHooks hooks, Coordinate plugin) throws Exception;
    }

    /**
     * Calls one that may refuse the plugin.
     *
     * @throws StageException with {@code hook-failed} when one threw or was late; those after it
     *     are not called
     */
    void require(Stage stage, String name, Coordinate plugin, Hook hook)
            throws StageException, InterruptedException {
        for (PluginLifecycleHooks each : hooks) {
            Optional<Throwable> thrown = call(name, plugin, () -> hook.call(each, plugin));
            if (thrown.isPresent()) {
                throw new StageException(
                        stage,
                        "hook-failed",
                        name + " of the host threw " + Causes.of(thrown.get()).getFirst(),
                        thrown.get());
            }
        }
    }

    /** Calls one that cannot hold the plugin up, and all of them; what they throw is told. */
    void tell(String name, Coordinate plugin, List<String> failures, Hook hook)
            throws InterruptedException {
        for (PluginLifecycleHooks each : name.startsWith("before") ? hooks : hooks.reversed()) {
            Optional<Throwable> thrown = call(name, plugin, () -> hook.call(each, plugin));
            if (thrown.isPresent()) {
                LoaderLog.get()
                        .log(Level.WARNING, name + " of " + plugin + " failed", thrown.get());
                failures.add(name + " of " + plugin + ": " + Causes.of(thrown.get()).getFirst());
            }
        }
    }

    /** The code of a hook with its arguments. */
    @FunctionalInterface
    private interface Call {
        void run() throws Exception;
    }

    private Optional<Throwable> call(String name, Coordinate plugin, Call code)
            throws InterruptedException {
        Optional<Throwable> thrown = Optional.empty();
        try {
            PluginThread.call(
                    "modunest-" + name + " " + plugin,
                    PluginLifecycleHooks.class.getClassLoader(),
                    deadline,
                    () -> {
                        code.run();
                        return true;
                    });
        } catch (ExecutionException failed) {
            thrown = Optional.of(Objects.requireNonNullElse(failed.getCause(), failed));
        } catch (TimeoutException late) {
            thrown =
                    Optional.of(
                            new TimeoutException(
                                    "it has not returned within " + deadline.toMillis() + " ms"));
        }
        thrown.ifPresent(
                why -> events.tell(new LoaderEvent.HookFailed(name, plugin, Causes.of(why))));
        return thrown;
    }
}
