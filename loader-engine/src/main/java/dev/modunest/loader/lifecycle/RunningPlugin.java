package dev.modunest.loader.lifecycle;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.Manifest;
import dev.modunest.loader.LoadedPlugin;
import dev.modunest.loader.Plugin;
import dev.modunest.loader.PluginAuthentication;
import dev.modunest.loader.PluginTrust;
import dev.modunest.loader.StageTimes;
import dev.modunest.loader.isolate.PluginClassLoader;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * A plugin that has started, until it is stopped.
 *
 * @param instance empty for a library
 * @param authentication empty for a plugin that may know nothing of users
 * @param digest of the bytes that run
 * @param trust what is proven of them
 */
record RunningPlugin(
        Manifest manifest,
        PluginClassLoader classLoader,
        Optional<Plugin> instance,
        ServiceTable services,
        Optional<PluginAuthentication> authentication,
        StageTimes times,
        Digest digest,
        PluginTrust trust)
        implements LoadedPlugin {

    private static final Logger LOG = System.getLogger("dev.modunest.loader");

    @Override
    public Coordinate coordinate() {
        return manifest.coordinate();
    }

    @Override
    public <T> Optional<T> service(Class<T> type) {
        return services.find(type);
    }

    RunningPlugin withTimes(StageTimes measured) {
        return new RunningPlugin(
                manifest, classLoader, instance, services, authentication, measured, digest, trust);
    }

    /** Stops it and closes its class loader, whatever it throws; that is logged. */
    void stop(Duration deadline) {
        try {
            if (instance.isPresent()) {
                stop(instance.get(), deadline);
            }
        } catch (InterruptedException cancelled) {
            LOG.log(Level.WARNING, "interrupted while stopping {0}", coordinate());
            Thread.currentThread().interrupt();
        } finally {
            services.clear();
            authentication.ifPresent(PluginAuthentication::close);
            classLoader.close();
        }
    }

    private void stop(Plugin plugin, Duration deadline) throws InterruptedException {
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
            LOG.log(Level.WARNING, coordinate() + " failed to stop", thrown.getCause());
        } catch (TimeoutException late) {
            LOG.log(
                    Level.WARNING,
                    "{0} has not stopped within {1} ms",
                    coordinate(),
                    deadline.toMillis());
        }
    }
}
