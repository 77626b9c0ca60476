package dev.modunest.edge;

/** What the edge knows about its origin. */
public enum EdgeMode {
    /** A registry: artifacts by digest, events, counts of downloads. */
    REGISTRY,
    /** Anything: a shared cache of RFC 9111 and no more. */
    ANY_ORIGIN
}
