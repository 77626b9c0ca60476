package dev.modunest.server.token;

/** One way to get an access token at the token endpoint (RFC 6749, 4). */
public interface TokenGrant {

    /** What {@code grant_type} says. */
    String type();

    /** Whether it is the one for the request among those of its type. */
    default boolean takes(TokenRequest request) {
        return true;
    }

    /** Throws {@link OAuthException} when there is none. */
    IssuedToken issue(TokenRequest request);
}
