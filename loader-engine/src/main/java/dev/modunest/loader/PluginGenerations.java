package dev.modunest.loader;

import dev.modunest.format.resolve.Lock;

import java.util.List;
import java.util.Optional;

/**
 * What runs as a whole, by its lock. Each lock that was applied is kept, so that there is a way
 * back; {@code docs/loader/reload.md} has an example. Thread-safe.
 */
public interface PluginGenerations {

    /**
     * Makes {@code lock} what runs: what it names differently or not at all is exchanged or
     * unloaded, with its dependents. When one plugin fails, everything stays as it was. Only after
     * all of it runs is it the generation that {@link #resume} starts.
     *
     * @throws LoaderException when the lock has a cycle or names a release that it lacks, or
     *     generations cannot be kept
     */
    ExchangeReport apply(Lock lock) throws InterruptedException;

    /**
     * As {@link #apply}, with the generation before the present one.
     *
     * @throws LoaderException {@code no-generation} when there is none
     */
    ExchangeReport rollback() throws InterruptedException;

    /**
     * Starts the last generation that ran as a whole, from the cache and without asking anybody
     * where that has all of it.
     *
     * @throws LoaderException {@code no-generation} when there is none
     */
    LoadReport resume() throws InterruptedException;

    /** The number of the generation that {@link #resume} starts. */
    Optional<Integer> current();

    /** The numbers of those that can be gone back to, the present one last. */
    List<Integer> kept();
}
