package dev.modunest.load;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One search and what its answer has to be.
 *
 * @param kind what is looked for
 * @param path with the query
 * @param hits whether there are any
 * @param category that all hits have
 * @param license that all hits have
 * @param next whether the second page is asked for, where there is one
 */
record Search(
        Kind kind,
        String path,
        Hits hits,
        Optional<String> category,
        Optional<String> license,
        boolean next) {

    /** What somebody may look for, and how many in a hundred do. */
    enum Kind {
        WORD(25),
        WORDS(15),
        PREFIX(15),
        SLIP(10),
        NAME(5),
        CATEGORY(10),
        LICENSE(5),
        FACETS(5),
        NOTHING(5),
        ALL(5);

        private final int share;

        Kind(int share) {
            this.share = share;
        }

        static Kind at(int percent) {
            int passed = 0;
            for (Kind kind : values()) {
                passed += kind.share;
                if (percent < passed) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("the shares have no place " + percent);
        }

        String request() {
            return "search, " + name().toLowerCase(Locale.ROOT);
        }
    }

    enum Hits {
        SOME,
        NONE,
        ANY
    }

    static final int LIMIT = 20;

    /** What is wrong with the first page; empty when nothing is. */
    String fault(String body) {
        try {
            JsonNode document = CatalogueDocuments.parse(body);
            int found = CatalogueDocuments.page(document).plugins().size();
            if (hits == Hits.SOME && found == 0) {
                return "nothing is found of what is there";
            }
            if (hits == Hits.NONE && found > 0) {
                return "something is found that is not there";
            }
            if (kind == Kind.FACETS && !document.path("facets").path("category").isArray()) {
                return "no facets";
            }
            return pageFault(document);
        } catch (LoadTestException malformed) {
            return String.valueOf(malformed.getMessage());
        }
    }

    /**
     * The same of the second page, which has no facets and may be empty.
     *
     * @param found the ids of the first page
     */
    String secondPageFault(String body, List<String> found) {
        try {
            JsonNode document = CatalogueDocuments.parse(body);
            boolean again =
                    CatalogueDocuments.page(document).plugins().stream()
                            .anyMatch(plugin -> found.contains(plugin.id()));
            return again ? "a plugin of the first page" : pageFault(document);
        } catch (LoadTestException malformed) {
            return String.valueOf(malformed.getMessage());
        }
    }

    private String pageFault(JsonNode document) {
        List<PluginSummary> plugins = CatalogueDocuments.page(document).plugins();
        if (plugins.size() > LIMIT) {
            return "more plugins than the limit";
        }
        for (PluginSummary plugin : plugins) {
            if (category.isPresent() && !plugin.categories().contains(category.get())) {
                return "a plugin of another category";
            }
            if (license.isPresent()
                    && !license.get().equalsIgnoreCase(plugin.license().orElse(""))) {
                return "a plugin with another licence";
            }
        }
        return "";
    }
}
