package dev.modunest.server.catalog;

import dev.modunest.db.SearchQuery;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.common.uri.UriQuery;

/** The parameter {@code limit} of lists. */
final class PageLimit {

    private static final int DEFAULT = 20;

    private PageLimit() {}

    static int read(UriQuery query) {
        return query.first("limit").asOptional().map(PageLimit::parse).orElse(DEFAULT);
    }

    private static int parse(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= SearchQuery.MAX_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException notANumber) {
            throw invalid(text);
        }
        throw invalid(text);
    }

    private static Rejection invalid(String text) {
        return new Rejection(
                ProblemCode.PARAMETER_INVALID,
                "limit is 1 to " + SearchQuery.MAX_LIMIT + ", not '" + text + "'");
    }
}
