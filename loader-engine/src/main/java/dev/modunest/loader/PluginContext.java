package dev.modunest.loader;

import dev.modunest.format.Coordinate;

import java.util.Optional;

/** What a plugin sees of its host. Thread-safe; valid from start to stop. */
public interface PluginContext {

    /** The release that runs. */
    Coordinate coordinate();

    /**
     * Offers {@code service} to the host and to the plugins that require this one.
     *
     * @throws IllegalStateException when this plugin already offers one of {@code type}
     */
    <T> void provide(Class<T> type, T service);

    /**
     * The service of {@code type} that one of the directly required plugins offers.
     *
     * @throws MissingServiceException when none does, naming the type and the plugins asked
     */
    <T> T service(Class<T> type);

    /** As {@link #service}, empty when none of the required plugins offers it. */
    <T> Optional<T> findService(Class<T> type);

    /**
     * The host's users; empty when the manifest has no permission {@code auth.state} or the host
     * knows no users.
     */
    default Optional<PluginAuthentication> authentication() {
        return Optional.empty();
    }

    /** What this plugin is configured with. */
    PluginConfigService configuration();

    /** What it may know of its host. */
    PluginEnvironmentService environment();

    /**
     * Has {@code resource} closed after {@link Plugin#stop}, those that came last first.
     *
     * @return {@code resource}
     * @throws IllegalStateException when there are 10,000 already, or the plugin has stopped
     */
    <T extends AutoCloseable> T closing(T resource);

    /**
     * Starts a virtual thread that is interrupted after {@link Plugin#stop}.
     *
     * @throws IllegalStateException when 10,000 run already, or the plugin has stopped
     */
    Thread startThread(String name, Runnable code);
}
