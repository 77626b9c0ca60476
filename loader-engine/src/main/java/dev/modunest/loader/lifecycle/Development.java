package dev.modunest.loader.lifecycle;

import dev.modunest.format.PluginId;
import dev.modunest.loader.ExchangeReport;
import dev.modunest.loader.LoadReport;
import dev.modunest.loader.LoaderException;
import dev.modunest.loader.PluginLoader.DevelopmentWatch;
import dev.modunest.loader.fetch.JarFiles;
import dev.modunest.loader.log.LoaderLog;
import dev.modunest.loader.resolve.JarReleases;
import dev.modunest.loader.resolve.Planner;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Sees to a folder of jars: what changes there is exchanged. A jar that cannot be read, as one that
 * is being written, is looked at again when more of it comes.
 */
final class Development implements DevelopmentWatch {

    /** Writers change a file several times in a row. */
    private static final long SETTLE_MILLIS = 20;

    private final Path folder;
    private final Planner planner;
    private final LoadTurn turn;
    private final Changes changes;
    private final WatchService watch;
    private final LoadReport report;
    private final Set<PluginId> there = new HashSet<>(); // of the watching thread
    private final Map<Path, JarReleases.Seen> seen; // of the same

    private Development(
            Path folder,
            Planner planner,
            LoadTurn turn,
            Changes changes,
            WatchService watch,
            Map<Path, JarReleases.Seen> seen,
            LoadReport report) {
        this.folder = folder;
        this.planner = planner;
        this.turn = turn;
        this.changes = changes;
        this.watch = watch;
        this.seen = seen;
        this.report = report;
        report.plugins().forEach(plugin -> there.add(plugin.coordinate().plugin()));
    }

    /** A load of the folder. */
    @FunctionalInterface
    interface FirstLoad {
        LoadReport load(Path folder, Map<Path, JarReleases.Seen> seen) throws InterruptedException;
    }

    static Development begin(
            Path folder, FirstLoad first, Planner planner, LoadTurn turn, Changes changes)
            throws InterruptedException {
        WatchService watch = register(folder);
        boolean begun = false;
        try {
            Map<Path, JarReleases.Seen> seen = new HashMap<>();
            LoadReport report = first.load(folder, seen);
            Development development =
                    new Development(folder, planner, turn, changes, watch, seen, report);
            Thread.ofVirtual().name("modunest-development").start(development::follow);
            begun = true;
            return development;
        } finally {
            if (!begun) {
                close(watch);
            }
        }
    }

    private static WatchService register(Path folder) {
        try {
            WatchService watch = folder.getFileSystem().newWatchService();
            folder.register(
                    watch,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
            return watch;
        } catch (IOException unwatchable) {
            throw new LoaderException(
                    "folder-unreadable",
                    folder + " cannot be watched: " + unwatchable,
                    unwatchable);
        }
    }

    private void follow() {
        try {
            while (true) {
                WatchKey key = watch.take();
                for (WatchKey more = key;
                        more != null;
                        more = watch.poll(SETTLE_MILLIS, TimeUnit.MILLISECONDS)) {
                    more.pollEvents();
                    more.reset();
                }
                look();
            }
        } catch (ClosedWatchServiceException closed) {
            there.clear();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws InterruptedException {
        try {
            turn.take(
                    () -> {
                        JarReleases jars = JarReleases.in(folder, seen);
                        var plan = planner.plan(jars);
                        ExchangeReport done =
                                changes.replace(there, plan, new JarFiles(jars.files()));
                        if (done.done()) {
                            there.clear();
                            plan.steps().forEach(step -> there.add(step.coordinate().plugin()));
                        } else {
                            LoaderLog.get()
                                    .log(Level.WARNING, "what ran goes on: {0}", done.result());
                        }
                        return done;
                    });
        } catch (LoaderException unreadable) {
            LoaderLog.get()
                    .log(Level.INFO, "waiting for another change: {0}", unreadable.getMessage());
        } catch (IllegalStateException ended) {
            LoaderLog.get().log(Level.DEBUG, "the engine is closed", ended);
            close();
        }
    }

    @Override
    public LoadReport report() {
        return report;
    }

    @Override
    public void close() {
        close(watch);
    }

    private static void close(WatchService watch) {
        try {
            watch.close();
        } catch (IOException failed) {
            LoaderLog.get().log(Level.WARNING, "a watch cannot be closed", failed);
        }
    }
}
