package dev.modunest.edge.cache;

/** What may be done with a stored document now. */
public enum CacheDecision {
    /** Serve it. */
    FRESH,
    /** Serve it and revalidate behind the client's back (RFC 5861 3). */
    SERVE_AND_REVALIDATE,
    /** Ask the origin first. */
    REVALIDATE
}
