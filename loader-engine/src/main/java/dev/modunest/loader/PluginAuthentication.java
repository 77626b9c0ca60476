package dev.modunest.loader;

import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a plugin with the permission {@code auth.state} may know and do about users. Thread-safe;
 * valid until the plugin stops, which ends its states and removes its listeners.
 */
public interface PluginAuthentication extends AutoCloseable {

    /** As {@link PluginAuthService#authenticateUser}. */
    AuthenticationResult authenticateUser(String accessToken);

    /**
     * Begins a state that this plugin owns.
     *
     * @param user as {@link #authenticateUser} gave it
     * @param plugins patterns of the plugins that see it, as {@link OwnedAuthenticationState#share}
     *     takes them
     * @throws IllegalStateException when there are too many states
     */
    OwnedAuthenticationState shareAuthenticationState(UserIdentity user, Set<String> plugins);

    /**
     * The state {@code id}, when this plugin may see it. One that is not shared looks like one that
     * does not exist.
     */
    Optional<AuthenticationState> find(String id);

    /**
     * Has {@code listener} told the id of each state that this plugin sees and that ends, on a
     * thread of its own.
     *
     * @throws IllegalStateException when the plugin has 16 listeners already
     */
    void onEnd(Consumer<String> listener);

    /** Called by the loader when the plugin has stopped. */
    @Override
    void close();
}
