package dev.modunest.loader.trust;

/** A release is not let in. */
public final class TrustException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String code;
    private final String reason;
    private final boolean byEvidence;

    TrustException(String code, String reason, boolean byEvidence) {
        super(reason, null, false, false);
        this.code = code;
        this.reason = reason;
        this.byEvidence = byEvidence;
    }

    /** Stable, kebab-case, listed in {@code docs/loader/trust.md}. */
    public String code() {
        return code;
    }

    /** One sentence. */
    public String reason() {
        return reason;
    }

    /** Whether other copies of bundles and proof may be good. */
    public boolean isByEvidence() {
        return byEvidence;
    }
}
