package dev.modunest.samples.sitesearch.api;

import java.util.List;
import java.util.Optional;

/** Makes sites of Markdown pages. Thread-safe. */
public interface SiteSearch {

    /** An empty site in memory; its user closes it. */
    Site open();

    /** Pages by path. Thread-safe. */
    interface Site extends AutoCloseable {

        /** Renders and indexes {@code markdown}, in place of the page at its path. */
        Page put(String path, String markdown);

        /** The page at {@code path}. */
        Optional<Page> find(String path);

        /**
         * The pages that match, best first; queries as full-text-search has them.
         *
         * @param limit most results, 1 to 1000
         * @throws IllegalArgumentException when the query has nothing to look for
         */
        List<Result> search(String query, int limit);

        @Override
        void close();
    }

    /**
     * A rendered page.
     *
     * @param title its first heading, its path when it has none
     * @param html clean
     */
    record Page(String path, String title, String html) {}

    /** A page found, and text around the first word found. */
    record Result(Page page, String excerpt) {}
}
