package dev.modunest.server.catalog;

import dev.modunest.db.ReleaseSummary;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.common.uri.UriQuery;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Which releases of a plugin are asked for, newest first.
 *
 * @param before only versions below it
 */
record ReleasePage(int limit, Optional<Version> before) {

    static ReleasePage read(UriQuery query) {
        return new ReleasePage(
                PageLimit.read(query),
                query.first("cursor").asOptional().map(ReleasePage::version));
    }

    private static Version version(String cursor) {
        try {
            return Version.parse(
                    new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException invalid) {
            throw new Rejection(
                    ProblemCode.PARAMETER_INVALID,
                    "cursor is not one of ours; take it from the next link of a page");
        }
    }

    /** The releases of this page of those found, which are one more when there is a next page. */
    List<ReleaseSummary> of(List<ReleaseSummary> found) {
        return found.subList(0, Math.min(limit, found.size()));
    }

    /** The address of the page after; empty when this is the last. */
    Optional<String> nextLink(PluginId plugin, List<ReleaseSummary> found) {
        if (found.size() <= limit) {
            return Optional.empty();
        }
        String last = found.get(limit - 1).coordinate().version().toString();
        return Optional.of(
                "/api/v1/plugins/"
                        + plugin
                        + "?limit="
                        + limit
                        + "&cursor="
                        + Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(last.getBytes(StandardCharsets.UTF_8)));
    }
}
