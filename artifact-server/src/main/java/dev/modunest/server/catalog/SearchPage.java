package dev.modunest.server.catalog;

import dev.modunest.db.SearchOrder;
import dev.modunest.db.SearchPosition;
import dev.modunest.db.SearchQuery;
import dev.modunest.db.SearchText;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.common.uri.UriQuery;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a search asks for, and where its next page begins.
 *
 * @param parameters those that choose plugins and their order, by name
 * @param facets whether to count categories and licences too
 */
record SearchPage(Map<String, String> parameters, SearchQuery query, boolean facets) {

    private static final int MAX_TEXT = 200;

    static SearchPage read(UriQuery query) {
        Map<String, String> parameters = new TreeMap<>();
        for (String name : new String[] {"q", "category", "license", "namespace", "sort"}) {
            text(query, name).ifPresent(value -> parameters.put(name, value));
        }
        Optional<SearchText> text = Optional.ofNullable(parameters.get("q")).map(SearchPage::words);
        return new SearchPage(
                        parameters,
                        new SearchQuery(
                                text,
                                Optional.ofNullable(parameters.get("category")),
                                Optional.ofNullable(parameters.get("license")),
                                Optional.ofNullable(parameters.get("namespace")),
                                order(parameters, text),
                                PageLimit.read(query),
                                Optional.empty()),
                        query.first("facets").asOptional().map(SearchPage::facets).orElse(false))
                .from(query.first("cursor").asOptional());
    }

    private static Optional<String> text(UriQuery query, String name) {
        Optional<String> value =
                query.first(name).asOptional().map(String::strip).filter(text -> !text.isEmpty());
        value.filter(text -> text.length() > MAX_TEXT || text.indexOf('\0') >= 0)
                .ifPresent(
                        text -> {
                            throw invalid(
                                    name
                                            + " has "
                                            + text.length()
                                            + " characters; it is at most "
                                            + MAX_TEXT
                                            + " without NUL");
                        });
        return value;
    }

    private static SearchText words(String text) {
        try {
            return SearchText.parse(text);
        } catch (IllegalArgumentException tooMany) {
            throw invalid("q: " + tooMany.getMessage() + "; leave some out");
        }
    }

    /** By relevance where there is something to be relevant for, else by name. */
    private static SearchOrder order(Map<String, String> parameters, Optional<SearchText> text) {
        String sort = parameters.get("sort");
        if (sort == null) {
            return text.isPresent() ? SearchOrder.RELEVANCE : SearchOrder.NAME;
        }
        return Arrays.stream(SearchOrder.values())
                .filter(order -> parameter(order).equals(sort))
                .findFirst()
                .orElseThrow(
                        () ->
                                invalid(
                                        "sort is "
                                                + Arrays.stream(SearchOrder.values())
                                                        .map(SearchPage::parameter)
                                                        .collect(Collectors.joining(", "))
                                                + ", not '"
                                                + sort
                                                + "'"));
    }

    private static String parameter(SearchOrder order) {
        return order.name().toLowerCase(Locale.ROOT);
    }

    private static boolean facets(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid("facets is true or false, not '" + text + "'");
        };
    }

    private SearchPage from(Optional<String> cursor) {
        return cursor.map(text -> new SearchPage(parameters, after(text), facets)).orElse(this);
    }

    private SearchQuery after(String cursor) {
        try {
            SearchCursor read = SearchCursor.parse(cursor);
            if (!read.query().equals(queryDigest())) {
                throw invalid(
                        "cursor is of another search; q, category, license, namespace and sort are"
                                + " those of the page it was taken from");
            }
            return new SearchQuery(
                    query.text(),
                    query.category(),
                    query.license(),
                    query.namespace(),
                    query.order(),
                    query.limit(),
                    Optional.of(read.position()));
        } catch (IllegalArgumentException invalid) {
            throw invalid("cursor is not one of ours; take it from the next link of a page");
        }
    }

    /** The same in the private namespace that it names. */
    SearchPage inSecret() {
        return new SearchPage(parameters, query.inSecret(), facets);
    }

    private String queryDigest() {
        return SearchCursor.query(parameters.toString());
    }

    private static Rejection invalid(String detail) {
        return new Rejection(ProblemCode.PARAMETER_INVALID, detail);
    }

    /** The address of the page that begins after {@code last}. */
    String nextLink(SearchPosition last) {
        StringBuilder link = new StringBuilder("/api/v1/plugins?limit=").append(query.limit());
        parameters.forEach(
                (name, value) -> link.append('&').append(name).append('=').append(encode(value)));
        if (facets) {
            link.append("&facets=true");
        }
        return link.append("&cursor=").append(new SearchCursor(queryDigest(), last)).toString();
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
