package dev.modunest.samples.csvquery;

import dev.modunest.samples.csvquery.api.QueryException;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words, quoted texts and signs of a query, consumed from the left. */
final class QueryTokens {

    private static final Pattern TOKEN =
            Pattern.compile("\\s*(?:('(?:[^']|'')*')|([\\p{L}\\p{N}_.-]+)|(!=|<=|>=|[=<>,()*]))");
    private static final int MAX_LENGTH = 10_000;

    private record Token(String text, boolean quoted, int at) {}

    private final List<Token> tokens = new ArrayList<>();
    private final int end;
    private int next;

    QueryTokens(String query) {
        if (query.length() > MAX_LENGTH) {
            throw new QueryException(
                    "a query has at most " + MAX_LENGTH + " characters, not " + query.length());
        }
        String text = query.strip();
        end = text.length();
        Matcher matcher = TOKEN.matcher(text);
        int at = 0;
        while (at < end) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw new QueryException(
                        "'" + text.charAt(at) + "' at " + (at + 1) + " is not understood");
            }
            tokens.add(token(matcher));
            at = matcher.end();
        }
    }

    private static Token token(Matcher matcher) {
        String quoted = matcher.group(1);
        if (quoted != null) {
            String inside = quoted.substring(1, quoted.length() - 1).replace("''", "'");
            return new Token(inside, true, matcher.start(1));
        }
        int group = matcher.group(2) == null ? 3 : 2;
        return new Token(matcher.group(group), false, matcher.start(group));
    }

    boolean atEnd() {
        return next == tokens.size();
    }

    /** Consumes {@code word}, a keyword or sign, if it is next. */
    boolean accept(String word) {
        if (atEnd()) {
            return false;
        }
        Token token = tokens.get(next);
        boolean same = !token.quoted() && token.text().toLowerCase(Locale.ROOT).equals(word);
        if (same) {
            next++;
        }
        return same;
    }

    /** Consumes {@code word}. */
    void require(String word) {
        if (!accept(word)) {
            throw expected("'" + word + "'");
        }
    }

    /** Consumes a word or a quoted text; {@code what} it is meant to be. */
    String name(String what) {
        if (atEnd() || isSign(tokens.get(next))) {
            throw expected(what);
        }
        return tokens.get(next++).text();
    }

    private static boolean isSign(Token token) {
        return !token.quoted() && "!=<>=,()*".contains(token.text());
    }

    QueryException expected(String what) {
        String found = atEnd() ? "the end" : "'" + tokens.get(next).text() + "'";
        int at = atEnd() ? end : tokens.get(next).at();
        return new QueryException(
                what + " is expected at " + (at + 1) + " of the query, not " + found);
    }
}
