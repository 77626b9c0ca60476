package dev.modunest.edge.access;

/** What a request shows for an artifact. */
public enum Proof {
    /** Nothing: it may have what everybody may. */
    NONE,
    /** A signed URL that is not known to be good here; the origin says. */
    UNPROVEN,
    /** A signed URL that is good. */
    URL,
    /** The token by which edges know each other. */
    EDGE;

    /** Whether it may have the artifact if that is private. */
    public boolean isGiven() {
        return this == URL || this == EDGE;
    }

    /** Whether the answer to it is for nobody else. */
    public boolean isPersonal() {
        return this != NONE;
    }
}
