package dev.modunest.server.catalog;

import dev.modunest.settings.Default;

/**
 * Bounds on searching.
 *
 * @param facetMatches most matches of which categories and licences are counted
 */
public record SearchConfig(@Default("1000") int facetMatches) {

    public SearchConfig {
        if (facetMatches < 1 || facetMatches > 100_000) {
            throw new IllegalArgumentException("facet_matches is 1 to 100000, not " + facetMatches);
        }
    }
}
