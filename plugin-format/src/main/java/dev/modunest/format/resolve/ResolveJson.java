package dev.modunest.format.resolve;

import java.util.List;

/**
 * The JSON of index entries, resolve requests and plans, as {@code docs/api/} gives it.
 * Thread-safe.
 */
public final class ResolveJson {

    private ResolveJson() {}

    /** One line without line feed. */
    public static String indexLine(IndexEntry entry) {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads an index document; blank lines are skipped. Throws IllegalArgumentException naming the
     * line.
     */
    public static List<IndexEntry> readIndex(String document) {
        throw new UnsupportedOperationException();
    }

    public static String request(ResolveRequest request) {
        throw new UnsupportedOperationException();
    }

    /** Throws IllegalArgumentException with a sentence that names the field and the fix. */
    public static ResolveRequest readRequest(String json) {
        throw new UnsupportedOperationException();
    }

    public static String plan(Plan plan) {
        throw new UnsupportedOperationException();
    }

    public static Plan readPlan(String json) {
        throw new UnsupportedOperationException();
    }
}
