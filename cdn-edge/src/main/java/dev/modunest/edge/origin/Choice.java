package dev.modunest.edge.origin;

/** How a request finds its origin server. */
public enum Choice {
    /** The less loaded one of two that chance picks. */
    LEAST_LOADED,
    /** The same one for the same URI, as long as it has not too much to do. */
    CONSISTENT_HASH
}
