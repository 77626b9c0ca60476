package dev.modunest.format.tuf;

/** Why metadata or a target is not taken. */
public enum TufProblem {
    /** Expired at the start of the update, or older than the grace: a freeze attack, or no news. */
    METADATA_STALE("metadata-stale"),
    /** An older version than one that was trusted. */
    ROLLBACK("rollback"),
    /** Not signed by enough different keys of its role. */
    THRESHOLD("threshold"),
    BAD_HASH("bad-hash"),
    BAD_LENGTH("bad-length"),
    /** Not the version that the metadata above it names. */
    BAD_VERSION("bad-version"),
    /** Not what the specification allows a document to be. */
    MALFORMED("metadata-malformed"),
    /** Named by the metadata above it and not there, or longer than it may be, or not readable. */
    UNAVAILABLE("metadata-unavailable"),
    /** No role that may speak of the target does. */
    NO_TARGET("no-target"),
    /** What was trusted cannot be kept, so that a rollback could not be noticed later. */
    NOT_KEPT("metadata-not-kept");

    private final String code;

    TufProblem(String code) {
        this.code = code;
    }

    /** The stable code, kebab-case. */
    public String code() {
        return code;
    }
}
