package dev.modunest.loader.config;

import dev.modunest.format.PluginId;
import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.log.LoaderLog;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The configuration of all plugins: files {@code <namespace>/<name>.json} of one folder, watched
 * from when the first plugin listens for changes, and environment variables. Thread-safe.
 */
public final class ConfigFolder implements AutoCloseable {

    private final Optional<Path> folder;
    private final Map<String, String> variables;
    private final Set<PluginConfig> listening = ConcurrentHashMap.newKeySet();
    private final Set<Path> watched = new HashSet<>(); // under this object's lock
    private @Nullable WatchService watch;

    public ConfigFolder(LoaderOptions.PluginOptions options) {
        this.folder = options.configDirectory();
        this.variables = options.variables();
    }

    /** What {@code plugin} is configured with; closed by who stops it. */
    public PluginConfig of(PluginId plugin) {
        return new PluginConfig(
                plugin,
                folder.map(
                        path -> path.resolve(plugin.namespace()).resolve(plugin.name() + ".json")),
                variables,
                this);
    }

    synchronized void watch(PluginConfig config) {
        listening.add(config);
        Optional<Path> parent = config.file().map(Path::getParent);
        if (parent.isEmpty() || !watched.add(parent.get())) {
            return;
        }
        try {
            Files.createDirectories(parent.get());
            WatchService service = watch;
            if (service == null) {
                service = parent.get().getFileSystem().newWatchService();
                watch = service;
                WatchService started = service;
                Thread.ofVirtual().name("modunest-config").start(() -> follow(started));
            }
            parent.get()
                    .register(
                            service,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_MODIFY,
                            StandardWatchEventKinds.ENTRY_DELETE);
        } catch (IOException unwatchable) {
            watched.remove(parent.get());
            throw new IllegalStateException(
                    parent.get() + " cannot be watched: " + unwatchable, unwatchable);
        }
    }

    private void follow(WatchService service) {
        try {
            while (true) {
                WatchKey key = service.take();
                key.pollEvents();
                key.reset();
                listening.forEach(PluginConfig::changed);
            }
        } catch (ClosedWatchServiceException closed) {
            listening.clear();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    void forget(PluginConfig config) {
        listening.remove(config);
    }

    @Override
    public synchronized void close() {
        if (watch != null) {
            try {
                watch.close();
            } catch (IOException failed) {
                LoaderLog.get()
                        .log(Level.WARNING, "the watch of configuration cannot be closed", failed);
            }
            watch = null;
        }
    }
}
