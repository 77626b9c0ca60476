package dev.modunest.loader;

import dev.modunest.format.Coordinate;

import java.util.Optional;

/**
 * The right to use a plugin: as long as it is held, the plugin is not stopped by an exchange. Hold
 * it for one call, and keep no service beyond it. Thread-safe.
 */
public interface PluginLease extends AutoCloseable {

    Coordinate coordinate();

    /** The service of {@code type} that the plugin offers. */
    <T> Optional<T> service(Class<T> type);

    /** Gives the right back; a second time does nothing. */
    @Override
    void close();
}
