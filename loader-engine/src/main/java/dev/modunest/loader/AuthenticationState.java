package dev.modunest.loader;

import java.util.Optional;

/**
 * That a user is signed in, shared between plugins: the verified identity and what plugins add to
 * it, as {@code mfa=done}. A live view: when the state ends, or is not shared with the viewer any
 * more, every method but {@link #id} and {@link #active} throws {@link IllegalStateException}.
 * Thread-safe.
 */
public interface AuthenticationState {

    /** Names the state among those who see it; nobody guesses it. */
    String id();

    /** Whether it has not ended and the viewer still sees it. */
    boolean active();

    UserIdentity user();

    /**
     * What {@code by} has added.
     *
     * @param by {@code namespace/name} of a plugin, or {@code host}; nobody adds in another's name
     */
    Optional<String> attribute(String by, String name);

    /**
     * Adds an attribute in the viewer's own name, or replaces it.
     *
     * @param name 1 to 64 characters of {@code a-z0-9._-}
     * @param value at most 1,024 characters
     * @throws IllegalArgumentException when one is not so
     * @throws IllegalStateException when the viewer has added 32 already
     */
    void put(String name, String value);
}
