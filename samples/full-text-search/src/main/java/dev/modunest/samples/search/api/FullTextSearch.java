package dev.modunest.samples.search.api;

import java.util.List;

/** Makes indexes. Thread-safe. */
public interface FullTextSearch {

    /** An empty index in memory; its user closes it. */
    Index open();

    /** Documents and what finds them. Thread-safe; what is added is found by the next search. */
    interface Index extends AutoCloseable {

        /** Adds {@code document}, in place of the one with its id. */
        void add(Document document);

        /** Removes the document with {@code id}, if there is one. */
        void remove(String id);

        int size();

        /**
         * The documents that match all of {@code query}, best first (BM25; a word in the title
         * counts three times). A query is words, {@code "phrases"}, {@code prefixes*} and {@code
         * -unwanted} words; case and punctuation do not matter.
         *
         * @param limit most hits, 1 to 1000
         * @throws IllegalArgumentException when the query has nothing to look for
         */
        List<Hit> search(String query, int limit);

        @Override
        void close();
    }

    /** What is indexed. */
    record Document(String id, String title, String body) {}

    /**
     * A document found.
     *
     * @param excerpt some of the body around the first word found
     */
    record Hit(String id, String title, float score, String excerpt) {}
}
