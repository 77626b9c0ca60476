package dev.modunest.db;

/**
 * The last plugin of a page; the next page begins after it.
 *
 * @param tier the kind of match it was listed for
 * @param key its sort key, as text
 * @param id of its row
 */
public record SearchPosition(int tier, String key, long id) {}
