package dev.modunest.loader.cli;

import dev.modunest.loader.PluginReport;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/** The progress of a load, shown unless a machine reads. Thread-safe. */
final class LoadProgress implements Consumer<PluginReport>, AutoCloseable {

    private final boolean shown;
    private @Nullable Progress progress;

    LoadProgress(boolean shown) {
        this.shown = shown;
    }

    synchronized void expect(int plugins) {
        if (shown) {
            progress = Progress.start(System.err, "load", plugins, "plugins");
        }
    }

    @Override
    public synchronized void accept(PluginReport report) {
        if (progress != null) {
            progress.step(1);
        }
    }

    @Override
    public synchronized void close() {
        if (progress != null) {
            progress.close();
            progress = null;
        }
    }
}
