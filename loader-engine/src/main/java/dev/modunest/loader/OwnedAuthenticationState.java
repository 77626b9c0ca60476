package dev.modunest.loader;

/** A state as the host or plugin has it that shares it. Thread-safe. */
public interface OwnedAuthenticationState extends AuthenticationState {

    /**
     * Shares it with more plugins.
     *
     * @param plugins {@code namespace/name}, {@code namespace/*}, {@code namespace/prefix*} or
     *     {@code *}
     * @throws IllegalStateException when it is shared with 100 patterns already
     */
    void share(String plugins);

    /** Takes back what {@link #share} gave for the same pattern; those plugins see nothing more. */
    void unshare(String plugins);

    /**
     * Goes on with a newer token of the same user and session.
     *
     * @throws IllegalArgumentException when {@code user} is somebody else
     */
    void renew(UserIdentity user);

    /** Ends it for all at once. */
    void end();
}
