package dev.modunest.db;

import java.util.List;

/**
 * Why a plugin is listed, the best reason first. No plugin is in two tiers of one list. A plugin
 * that is demoted (deprecated, or a look-alike) comes after all others, and whenever a look-alike
 * is listed, what it imitates is listed before.
 */
enum SearchTier {
    /** Not demoted, without a text to match. */
    ANY(0, "not demoted"),
    /** It has the name, or is imitated by one that has it. */
    NAMED(1, "not demoted and id = any(:exact)"),
    /** Name or title have the words. */
    NAME_WORDS(
            2, "not demoted and name_words @@ search_query(:words::text[]) and id <> all(:exact)"),
    /** Description, categories or namespace have them. */
    OTHER_WORDS(
            3,
            """
            not demoted and all_words @@ search_query(:words::text[]) and not name_words @@ search_query(:words::text[])
            and id <> all(:exact)"""),
    /** Name or title have words that may have been meant, or it is imitated by a match. */
    MEANT(
            4,
            "not demoted and "
                    + Conditions.MEANT
                    + " and not all_words @@ search_query(:words::text[]) and id <> all(:exact)"),
    DEPRECATED(5, "demoted and imitates is null and " + Conditions.MATCH),
    LOOK_ALIKE(6, "demoted and imitates is not null and " + Conditions.MATCH),

    ANY_DEPRECATED(5, "demoted and imitates is null"),
    ANY_LOOK_ALIKE(6, "demoted and imitates is not null"),

    /** In an order other than by relevance. */
    SORTED(0, "(all_words @@ search_query(:words::text[]) or id = any(:exact))"),
    SORTED_MEANT(1, "name_words @@ to_tsquery('pg_catalog.simple', :meant::text)"),
    SORTED_ALL(0, "true");

    /** Parts of several conditions. */
    private static final class Conditions {

        static final String MEANT =
                """
                (name_words @@ to_tsquery('pg_catalog.simple', :meant::text)
                 or id = any(array(select alike.imitates from plugins alike
                                   where alike.listed and alike.imitates is not null
                                     and alike.all_words @@ search_query(:words::text[]))))""";

        static final String MATCH =
                "(all_words @@ search_query(:words::text[]) or id = any(:exact) or " + MEANT + ")";
    }

    private final int number;
    private final String condition;

    SearchTier(int number, String condition) {
        this.number = number;
        this.condition = condition;
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

    String condition() {
        return condition;
    }

    boolean isForMeantWords() {
        return condition.contains(":meant");
    }
}
