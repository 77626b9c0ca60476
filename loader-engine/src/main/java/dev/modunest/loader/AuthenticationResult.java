package dev.modunest.loader;

/** What an access token proved. */
public sealed interface AuthenticationResult {

    /** It is genuine and meant for this host. */
    record Authenticated(UserIdentity user) implements AuthenticationResult {}

    /**
     * It proves nothing.
     *
     * @param code stable, kebab-case, listed in {@code docs/loader/authentication.md}
     * @param text one sentence that says what to do; holds nothing secret
     */
    record Rejected(String code, String text) implements AuthenticationResult {}
}
