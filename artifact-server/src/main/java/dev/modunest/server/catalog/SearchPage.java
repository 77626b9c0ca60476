package dev.modunest.server.catalog;

import dev.modunest.db.PluginQuery;
import dev.modunest.format.PluginId;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.common.uri.UriQuery;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** What a search asks for, and where its next page begins. */
record SearchPage(
        Optional<String> text, Optional<String> category, int limit, Optional<PluginId> after) {

    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_TEXT = 200;

    static SearchPage read(UriQuery query) {
        return new SearchPage(
                text(query, "q"),
                text(query, "category"),
                query.first("limit").asOptional().map(SearchPage::limit).orElse(DEFAULT_LIMIT),
                query.first("cursor").asOptional().map(SearchPage::cursor));
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

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= PluginQuery.MAX_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException notANumber) {
            throw badLimit(text);
        }
        throw badLimit(text);
    }

    private static Rejection badLimit(String text) {
        return invalid("limit is 1 to " + PluginQuery.MAX_LIMIT + ", not '" + text + "'");
    }

    private static PluginId cursor(String text) {
        try {
            return PluginId.parse(
                    new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException invalid) {
            throw invalid("cursor is not one of ours; take it from the next link of a page");
        }
    }

    private static Rejection invalid(String detail) {
        return new Rejection(ProblemCode.PARAMETER_INVALID, detail);
    }

    /** The address of the page that begins after {@code last}. */
    String nextLink(PluginId last) {
        StringBuilder link = new StringBuilder("/api/v1/plugins?limit=").append(limit);
        text.ifPresent(value -> link.append("&q=").append(encode(value)));
        category.ifPresent(value -> link.append("&category=").append(encode(value)));
        String cursor =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(last.toString().getBytes(StandardCharsets.UTF_8));
        return link.append("&cursor=").append(cursor).toString();
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
