package dev.modunest.db;

import java.util.Locale;

/** How far a publish is. */
public enum PublishState {
    /** The bytes are in the storage; a server will take them up. */
    RECEIVED,
    INSPECTING,
    VERIFYING,
    /** Inspected, and waiting for its turn. */
    QUEUED,
    LIVE,
    REFUSED;

    public boolean isOver() {
        return this == LIVE || this == REFUSED;
    }

    /** As in documents and in the table. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
