package dev.modunest.loader;

/** What becomes of a plugin for which a step of the verification fails. */
public enum TrustMode {
    /** It is refused. */
    STRICT,
    /**
     * It is refused for what is wrong or revoked; what is missing (a publisher's signature, the
     * minimum level) and metadata that expired up to {@link TrustOptions#STALE_LIMIT} ago are
     * warnings.
     */
    PERMISSIVE,
    /** It is refused when it is revoked or damaged; all else is a warning. */
    AUDIT,
    /** Only digest and archive are looked at. */
    SKIP
}
