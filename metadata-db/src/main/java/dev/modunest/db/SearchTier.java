package dev.modunest.db;

import java.util.List;

/**
 * Why a plugin is listed, the best reason first. No plugin is in two tiers of one list. A plugin
 * that is demoted (deprecated, or a look-alike) comes after all others, and whenever a look-alike
 * is listed, what it imitates is listed before.
 */
enum SearchTier {
    /** Not demoted, without a text to match. */
    ANY(0, "", "not demoted"),
    /** It has the name, or is imitated by one that has it. */
    NAMED(1, "", "not demoted and id = any(:exact)"),
    /** Name or title have the words. */
    NAME_WORDS(2, Match.NAME_WORDS, "not demoted and id <> all(:exact)"),
    /** Description, categories or namespace have them. */
    OTHER_WORDS(
            3,
            Match.ALL_WORDS,
            "not demoted and not name_words @@ search_query(:words::text[]) and id <> all(:exact)"),
    /** Name or title have words that may have been meant, or it is imitated by a match. */
    MEANT(
            4,
            Match.MEANT,
            "not demoted and not all_words @@ search_query(:words::text[]) and id <> all(:exact)"),
    DEPRECATED(5, "", "demoted and imitates is null and " + Match.ANY),
    LOOK_ALIKE(6, "", "demoted and imitates is not null and " + Match.ANY),

    ANY_DEPRECATED(5, "", "demoted and imitates is null"),
    ANY_LOOK_ALIKE(6, "", "demoted and imitates is not null"),

    /** In an order other than by relevance. */
    SORTED(0, "(" + Match.ALL_WORDS + " or id = any(:exact))", "true"),
    SORTED_MEANT(1, "name_words @@ to_tsquery('pg_catalog.simple', :meant::text)", "true"),
    SORTED_ALL(0, "", "true");

    /** Whether a plugin matches the text, as indexes find it. */
    private static final class Match {

        static final String NAME_WORDS = "name_words @@ search_query(:words::text[])";

        static final String ALL_WORDS = "all_words @@ search_query(:words::text[])";

        static final String MEANT =
                """
                (name_words @@ to_tsquery('pg_catalog.simple', :meant::text)
                 or id = any(array(select alike.imitates from plugins alike
                                   where alike.listed and alike.imitates is not null
                                     and alike.all_words @@ search_query(:words::text[]))))""";

        static final String ANY = "(" + ALL_WORDS + " or id = any(:exact) or " + MEANT + ")";
    }

    private final int number;
    private final String match;
    private final String rest;

    SearchTier(int number, String match, String rest) {
        this.number = number;
        this.match = match;
        this.rest = rest;
    }

    /** The tiers that answer {@code query}, in their order. */
    static List<SearchTier> of(SearchQuery query) {
        if (query.order() != SearchOrder.RELEVANCE) {
            return query.text().isPresent() ? List.of(SORTED, SORTED_MEANT) : List.of(SORTED_ALL);
        }
        return query.text().isPresent()
                ? List.of(NAMED, NAME_WORDS, OTHER_WORDS, MEANT, DEPRECATED, LOOK_ALIKE)
                : List.of(ANY, ANY_DEPRECATED, ANY_LOOK_ALIKE);
    }

    /** Its place in its list, which cursors hold. */
    int number() {
        return number;
    }

    /** Whether the number of its matches is worth to know before they are looked for. */
    boolean hasMatch() {
        return !match.isEmpty();
    }

    /** What makes a plugin match the text, when it has a match. */
    String match() {
        return match;
    }

    /** What else is true of the plugins of this tier. */
    String rest() {
        return rest;
    }

    boolean isForMeantWords() {
        return (match + rest).contains(":meant");
    }
}
