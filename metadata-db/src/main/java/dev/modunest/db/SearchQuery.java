package dev.modunest.db;

import java.util.Optional;

/**
 * A page of listed plugins.
 *
 * @param license whatever the case of its letters
 * @param after the last plugin of the page before
 */
public record SearchQuery(
        Optional<SearchText> text,
        Optional<String> category,
        Optional<String> license,
        Optional<String> namespace,
        SearchOrder order,
        int limit,
        Optional<SearchPosition> after) {

    public static final int MAX_LIMIT = 100;

    public SearchQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit is 1 to " + MAX_LIMIT + ", not " + limit);
        }
        SearchOrder keyed = order;
        after.ifPresent(position -> keyed.key(position.key()));
    }
}
