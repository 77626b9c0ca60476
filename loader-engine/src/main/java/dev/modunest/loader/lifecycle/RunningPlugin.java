package dev.modunest.loader.lifecycle;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.Manifest;
import dev.modunest.loader.LoadedPlugin;
import dev.modunest.loader.Plugin;
import dev.modunest.loader.PluginTrust;
import dev.modunest.loader.PluginUsage;
import dev.modunest.loader.StageTimes;
import dev.modunest.loader.isolate.PluginClassLoader;
import dev.modunest.loader.log.LoaderLog;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * A plugin that has started, until it is stopped.
 *
 * @param planned what it was loaded from
 * @param instance empty for a library
 * @param context what it was given
 * @param trust what is proven of its bytes
 * @param gate who uses it
 */
record RunningPlugin(
        Planned planned,
        Manifest manifest,
        PluginClassLoader classLoader,
        Optional<Plugin> instance,
        StartContext context,
        StageTimes times,
        PluginTrust trust,
        LeaseGate gate)
        implements LoadedPlugin {

    @Override
    public Coordinate coordinate() {
        return manifest.coordinate();
    }

    Digest digest() {
        return planned.step().digest();
    }

    @Override
    public <T> Optional<T> service(Class<T> type) {
        return context.own().find(type);
    }

    @Override
    public PluginUsage usage() {
        return new PluginUsage(
                classLoader.classes(),
                classLoader.classBytes(),
                planned.step().size(),
                context.resources().open(),
                gate.users());
    }

    RunningPlugin withTimes(StageTimes measured) {
        return new RunningPlugin(
                planned, manifest, classLoader, instance, context, measured, trust, gate);
    }

    /** Calls {@link Plugin#stop}; what it throws is logged. */
    void stop(Duration deadline) throws InterruptedException {
        if (instance.isEmpty()) {
            return;
        }
        Plugin plugin = instance.get();
        try {
            PluginThread.call(
                    "modunest-stop " + coordinate(),
                    classLoader,
                    deadline,
                    () -> {
                        plugin.stop();
                        return true;
                    });
        } catch (ExecutionException thrown) {
            LoaderLog.get().log(Level.WARNING, coordinate() + " failed to stop", thrown.getCause());
        } catch (TimeoutException late) {
            LoaderLog.get()
                    .log(
                            Level.WARNING,
                            "{0} has not stopped within {1} ms",
                            coordinate(),
                            deadline.toMillis());
        }
    }
}
