package dev.modunest.loader.fetch;

/** An artifact or document cannot be had, and asking again would not help. */
public final class FetchException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String code;
    private final String reason;

    public FetchException(String code, String reason) {
        super(reason);
        this.code = code;
        this.reason = reason;
    }

    FetchException(String code, String reason, Throwable cause) {
        super(reason, cause);
        this.code = code;
        this.reason = reason;
    }

    /** One sentence. */
    public String reason() {
        return reason;
    }

    /** Stable, kebab-case, listed in {@code docs/loader/embedding.md}. */
    public String code() {
        return code;
    }
}
