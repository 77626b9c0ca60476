package dev.modunest.loader;

import dev.modunest.format.PluginId;

import java.nio.file.Path;

/** The state of plugins as files, to keep and to bring back. Thread-safe. */
public interface PluginStates {

    /**
     * Saves the state of {@code plugin} to {@code file}; those who want to use the plugin wait
     * meanwhile.
     *
     * @throws LoaderException {@code not-running}, {@code no-state}, {@code state-save-failed},
     *     {@code state-too-large}, {@code drain-deadline} or {@code state-unwritable}
     */
    void backup(PluginId plugin, Path file) throws InterruptedException;

    /**
     * Loads {@code plugin} and its dependents anew, with the state of {@code file}, which may be of
     * another release, in place of what it has.
     *
     * @throws LoaderException {@code not-running}, or {@code state-unreadable} when the file is not
     *     what {@link #backup} wrote for this plugin
     */
    ExchangeReport restore(PluginId plugin, Path file) throws InterruptedException;
}
