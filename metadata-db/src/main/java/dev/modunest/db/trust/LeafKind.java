package dev.modunest.db.trust;

import java.util.Locale;

/** What a leaf of the log says. */
public enum LeafKind {
    /** That the log begins. */
    GENESIS,
    /** A publisher's statement of a release. */
    PUBLISHER,
    /** How a release was built, as a CI job says. */
    PROVENANCE,
    /** A publisher's statement again, with another key. */
    SECOND,
    /** The registry's statement that it checked a release, and what came out. */
    REGISTRY,
    /** Another act of the registry. */
    ACT;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static LeafKind of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
