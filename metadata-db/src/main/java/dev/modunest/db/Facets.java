package dev.modunest.db;

import java.util.List;

/**
 * How the matches of a search spread over categories and licences, the most frequent first.
 *
 * @param matches how many were counted
 * @param complete whether these are all matches
 */
public record Facets(List<Count> categories, List<Count> licenses, int matches, boolean complete) {

    /** How many matches have a value. */
    public record Count(String value, long count) {}

    public Facets {
        categories = List.copyOf(categories);
        licenses = List.copyOf(licenses);
    }
}
