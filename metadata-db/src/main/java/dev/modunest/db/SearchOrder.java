package dev.modunest.db;

import java.time.DateTimeException;
import java.time.Instant;

/** In which order plugins are listed; of two with the same key the later id comes first. */
public enum SearchOrder {
    /** How well the text is matched, then {@code rank_score}. */
    RELEVANCE("rank_score", "desc"),
    DOWNLOADS("downloads_total", "desc"),
    /** The last release first. */
    UPDATED("updated_at", "desc"),
    /** The last new plugin first. */
    NEWEST("created_at", "desc"),
    NAME("name collate \"C\"", "asc");

    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private final String column;
    private final String direction;

    SearchOrder(String column, String direction) {
        this.column = column;
        this.direction = direction;
    }

    /** The key as text, a column of every row. */
    String keyColumn() {
        return switch (this) {
            case RELEVANCE, DOWNLOADS, NAME -> "(" + column + ")::text";
            case UPDATED, NEWEST ->
                    "to_char("
                            + column
                            + " at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";
        };
    }

    /** The rows after {@code :key} and {@code :id}. */
    String after() {
        String comparison = direction.equals("desc") ? "<" : ">";
        return "(" + column + ", id) " + comparison + " (:key, :id)";
    }

    String orderBy() {
        return column + " " + direction + ", id " + direction;
    }

    /**
     * The key as Postgres compares it.
     *
     * @throws IllegalArgumentException when {@code key} is not a key of this order
     */
    Object key(String key) {
        return switch (this) {
            case RELEVANCE -> Integer.valueOf(key);
            case DOWNLOADS -> Long.valueOf(key);
            case UPDATED, NEWEST -> instant(key);
            case NAME -> key;
        };
    }

    private static Instant instant(String key) {
        try {
            Instant instant = Instant.parse(key);
            if (instant.isBefore(Instant.EPOCH) || instant.isAfter(LAST)) {
                throw new IllegalArgumentException(key + " is no time of a release");
            }
            return instant;
        } catch (DateTimeException invalid) {
            throw new IllegalArgumentException(invalid);
        }
    }
}
