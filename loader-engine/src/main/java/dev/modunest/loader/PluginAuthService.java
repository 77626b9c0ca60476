package dev.modunest.loader;

import dev.modunest.format.Manifest;

import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * Says on a host who an end user is and what their access token allows, without asking the registry
 * each time: tokens are verified with the key sets of the issuers that the host trusts.
 * Thread-safe.
 */
public interface PluginAuthService extends AutoCloseable {

    /** Opens a service. Nothing is asked for before the first token comes. */
    static PluginAuthService open(AuthOptions options) {
        return ServiceLoader.load(Provider.class, PluginAuthService.class.getClassLoader())
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "the jar of the loader is incomplete: META-INF/services is"
                                                + " missing"))
                .open(options);
    }

    /**
     * Verifies an access token, as {@code Authorization: Bearer} carries it. A token seen before
     * takes microseconds; the first one of an issuer may wait for its key set, at most 10 seconds.
     */
    AuthenticationResult authenticateUser(String accessToken);

    /**
     * Whether {@code user}'s token has a scope for {@code action} on {@code resource}; what no
     * scope allows is denied.
     *
     * @param action words of {@code a-z0-9_-} joined by full stops, as {@code markdown.render}
     * @param resource {@code namespace/name}, or {@code namespace} for what concerns all of it
     */
    Decision authorize(UserIdentity user, String action, String resource);

    /**
     * Begins a state that the host owns, at most until {@code user}'s token expires or is renewed.
     * The host hands its id to plugins; those see it that match {@code plugins}, have the
     * permission {@code auth.state:*} and are not refused by the {@link AuthOptions.StatePolicy}.
     *
     * @param user as {@link #authenticateUser} gave it
     * @param plugins patterns as {@link OwnedAuthenticationState#share} takes them
     * @throws IllegalStateException when there are {@link AuthOptions#maxStates}
     */
    OwnedAuthenticationState shareAuthenticationState(UserIdentity user, Set<String> plugins);

    /**
     * What the plugin of {@code manifest} gets, from its start to its stop; empty when it has no
     * permission {@code auth.state}. For the loader.
     */
    Optional<PluginAuthentication> of(Manifest manifest);

    /** Ends every state. */
    @Override
    void close();

    /** Found by {@link ServiceLoader}; the service in this jar is the one there is. */
    interface Provider {
        PluginAuthService open(AuthOptions options);
    }
}
