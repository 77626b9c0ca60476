package dev.modunest.db;

import dev.modunest.format.PluginId;

import java.util.Optional;

/**
 * A page of the catalogue, in the order of plugin ids.
 *
 * @param text found in the id, title or description, whatever the case
 * @param after the last plugin of the page before
 */
public record PluginQuery(
        Optional<String> text, Optional<String> category, int limit, Optional<PluginId> after) {

    public static final int MAX_LIMIT = 100;

    public PluginQuery {
        if (limit < 1 || limit > MAX_LIMIT + 1) {
            throw new IllegalArgumentException("limit is 1 to " + MAX_LIMIT + ", not " + limit);
        }
    }
}
