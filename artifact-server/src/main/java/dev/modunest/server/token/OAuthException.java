package dev.modunest.server.token;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * A refusal as OAuth endpoints write it (RFC 6749, 5.2); tells nothing of why a secret is wrong.
 */
public final class OAuthException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String error;
    private final @Nullable String subject;

    /**
     * With what the client should do.
     *
     * @param error a code of the registry of OAuth errors
     * @param description what is no printable ASCII in it is replaced
     */
    public OAuthException(int status, String error, String description) {
        this(status, error, description, null);
    }

    private OAuthException(int status, String error, String description, @Nullable String subject) {
        super(printable(description), null, false, false);
        this.status = status;
        this.error = error;
        this.subject = subject;
    }

    /** What may stand in a description (RFC 6749, 5.2). */
    private static String printable(String text) {
        return text.replace('"', '\'').replaceAll("[^\\x20-\\x7e]|\\\\", "?");
    }

    /**
     * The same about a credential that was refused, which counts against who sent it and is kept in
     * the audit.
     *
     * @param refused whose credential it says it is, or what kind it is
     */
    public OAuthException about(String refused) {
        return new OAuthException(status, error, description(), refused);
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

    /** Whose credential was refused, when one was. */
    public Optional<String> subject() {
        return Optional.ofNullable(subject);
    }

    public String description() {
        return String.valueOf(getMessage());
    }
}
