package dev.modunest.loader;

import java.util.ServiceLoader;

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

    @Override
    void close();

    /** Found by {@link ServiceLoader}; the service in this jar is the one there is. */
    interface Provider {
        PluginAuthService open(AuthOptions options);
    }
}
