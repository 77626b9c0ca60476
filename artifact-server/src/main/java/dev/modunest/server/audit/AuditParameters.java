package dev.modunest.server.audit;

import dev.modunest.db.AuditStore.Filter;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.common.parameters.Parameters;
import io.helidon.webserver.http.ServerRequest;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/** The query parameters of the audit; wrong ones are a {@link Rejection}. */
final class AuditParameters {

    private static final int MAX_LIMIT = 100;
    private static final long DEFAULT_LIMIT = 20;

    /** A coordinate: two parts of 64, and a version of 256. */
    private static final int MAX_TEXT = 400;

    private static final Pattern ACTION = Pattern.compile("[^*]*\\*?");

    private final Parameters query;

    AuditParameters(ServerRequest request) {
        this.query = request.query();
    }

    Filter filter() {
        return new Filter(
                text("subject", "a coordinate, a plugin, a namespace, an account or a host"),
                action(),
                text("account", "the name of an account, or host:<id>"),
                time("since"),
                time("until"));
    }

    Optional<Instant> time(String name) {
        return given(name)
                .map(
                        text -> {
                            try {
                                return Instant.parse(text);
                            } catch (DateTimeException malformed) {
                                throw invalid(
                                        name
                                                + " is a time as RFC 3339 writes it, such as 2026-11-24T10:00:00Z, not '"
                                                + text
                                                + "'; write + as %2B");
                            }
                        });
    }

    int limit() {
        return (int) number("limit", MAX_LIMIT).orElse(DEFAULT_LIMIT).longValue();
    }

    Optional<Long> cursor() {
        return number("cursor", Long.MAX_VALUE);
    }

    /** The address of the page after {@code cursor}. */
    String next(int limit, long cursor) {
        StringBuilder next = new StringBuilder("/api/v1/audit?limit=").append(limit);
        for (String name : new String[] {"subject", "action", "account", "since", "until"}) {
            given(name)
                    .ifPresent(
                            text ->
                                    next.append('&')
                                            .append(name)
                                            .append('=')
                                            .append(
                                                    URLEncoder.encode(
                                                            text, StandardCharsets.UTF_8)));
        }
        return next.append("&cursor=").append(cursor).toString();
    }

    private Optional<String> given(String name) {
        return query.first(name).asOptional();
    }

    private Optional<String> action() {
        Optional<String> action = text("action", "an action such as token.made, or token.*");
        if (action.filter(text -> !ACTION.matcher(text).matches()).isPresent()) {
            throw invalid(
                    "action is whole, or has one * as its last character, not '"
                            + action.get()
                            + "'");
        }
        return action;
    }

    private Optional<String> text(String name, String what) {
        Optional<String> given = given(name);
        if (given.filter(AuditParameters::isNoText).isPresent()) {
            throw invalid(
                    name
                            + " has "
                            + given.get().length()
                            + " characters; it is "
                            + what
                            + ": at most "
                            + MAX_TEXT
                            + ", without control characters");
        }
        return given;
    }

    private static boolean isNoText(String text) {
        return text.length() > MAX_TEXT || text.chars().anyMatch(Character::isISOControl);
    }

    private Optional<Long> number(String name, long most) {
        return given(name).map(text -> number(name, text, most));
    }

    private static long number(String name, String text, long most) {
        try {
            long number = Long.parseLong(text);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            throw notANumber(name, text, most);
        }
        throw notANumber(name, text, most);
    }

    private static Rejection notANumber(String name, String text, long most) {
        return invalid(name + " is 1 to " + most + ", not '" + text + "'; take cursors from next");
    }

    private static Rejection invalid(String detail) {
        return new Rejection(ProblemCode.PARAMETER_INVALID, detail);
    }
}
