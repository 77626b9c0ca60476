package dev.modunest.server.token;

/**
 * A refusal as OAuth endpoints write it (RFC 6749, 5.2); tells nothing of why a secret is wrong.
 */
public final class OAuthException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String error;

    /**
     * With what the client should do.
     *
     * @param error a code of the registry of OAuth errors
     * @param description ASCII, without quotes and back-slashes
     */
    public OAuthException(int status, String error, String description) {
        super(description, null, false, false);
        this.status = status;
        this.error = error;
    }

    public static OAuthException invalidRequest(String description) {
        return new OAuthException(400, "invalid_request", description);
    }

    /** The client, or the assertion by which it says who it is, is not accepted. */
    public static OAuthException invalidClient(String description) {
        return new OAuthException(401, "invalid_client", description);
    }

    /** What is exchanged is wrong, used up, expired or revoked. */
    public static OAuthException invalidGrant(String description) {
        return new OAuthException(400, "invalid_grant", description);
    }

    public static OAuthException invalidScope(String description) {
        return new OAuthException(400, "invalid_scope", description);
    }

    public int status() {
        return status;
    }

    public String error() {
        return error;
    }

    public String description() {
        return String.valueOf(getMessage());
    }
}
