package dev.modunest.db;

import java.util.Optional;

/**
 * A page of listed plugins; of a private namespace, where nothing is listed, those with a live
 * release.
 *
 * @param license whatever the case of its letters
 * @param after the last plugin of the page before
 * @param secret whether {@code namespace} is a private one that may be read
 */
public record SearchQuery(
        Optional<SearchText> text,
        Optional<String> category,
        Optional<String> license,
        Optional<String> namespace,
        SearchOrder order,
        int limit,
        Optional<SearchPosition> after,
        boolean secret) {

    public static final int MAX_LIMIT = 100;

    public SearchQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit is 1 to " + MAX_LIMIT + ", not " + limit);
        }
        if (secret && namespace.isEmpty()) {
            throw new IllegalArgumentException("a private namespace is searched by its name");
        }
        SearchOrder keyed = order;
        after.ifPresent(position -> keyed.key(position.key()));
    }

    /** Of listed plugins. */
    public SearchQuery(
            Optional<SearchText> text,
            Optional<String> category,
            Optional<String> license,
            Optional<String> namespace,
            SearchOrder order,
            int limit,
            Optional<SearchPosition> after) {
        this(text, category, license, namespace, order, limit, after, false);
    }

    /** The same in the private namespace that it names. */
    public SearchQuery inSecret() {
        return new SearchQuery(text, category, license, namespace, order, limit, after, true);
    }
}
