package dev.modunest.edge.cache;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A dictionary of RFC 9651 3.2, as far as cache directives need it: a value is a boolean, an
 * integer, a string or a token; parameters are read and dropped. A time that is not an integer
 * makes the whole field unreadable.
 */
final class StructuredDictionary {

    private static final Set<String> TIMES =
            Set.of("max-age", "s-maxage", "stale-while-revalidate", "stale-if-error");
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~:/";
    private static final int MAX_INTEGER_DIGITS = 15;

    private final String text;
    private int at;

    private StructuredDictionary(String text) {
        this.text = text;
    }

    /** Key to value, true as the empty text. */
    static Optional<Map<String, String>> parse(String text) {
        try {
            return Optional.of(new StructuredDictionary(text).members());
        } catch (NotADictionary _) {
            return Optional.empty();
        }
    }

    private static final class NotADictionary extends Exception {
        private static final long serialVersionUID = 1L;

        NotADictionary() {
            super("not a dictionary", null, false, false);
        }
    }

    private Map<String, String> members() throws NotADictionary {
        Map<String, String> members = new LinkedHashMap<>();
        spaces();
        while (at < text.length()) {
            String key = key();
            String value = peek('=') ? value() : "";
            while (peek(';')) {
                spaces();
                key();
                if (peek('=')) {
                    value();
                }
            }
            if (TIMES.contains(key) && !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw new NotADictionary();
            }
            members.put(key, value);
            spaces();
            if (at < text.length()) {
                require(',');
                spaces();
                if (at == text.length()) {
                    throw new NotADictionary();
                }
            }
        }
        return members;
    }

    private String key() throws NotADictionary {
        int begin = at;
        while (at < text.length() && isKey(text.charAt(at), at == begin)) {
            at++;
        }
        if (at == begin) {
            throw new NotADictionary();
        }
        return text.substring(begin, at);
    }

    private String value() throws NotADictionary {
        if (at == text.length()) {
            throw new NotADictionary();
        }
        char first = text.charAt(at);
        if (first == '"') {
            return string();
        }
        if (first == '?') {
            at++;
            boolean yes = peek('1');
            if (!yes) {
                require('0');
            }
            return yes ? "" : "?0";
        }
        int begin = at;
        boolean number = isDigit(first) || first == '-';
        if (!number && !isAlpha(first) && first != '*') {
            throw new NotADictionary();
        }
        at++;
        while (at < text.length() && isValue(text.charAt(at), number)) {
            at++;
        }
        String value = text.substring(begin, at);
        if (number && (value.length() > MAX_INTEGER_DIGITS || value.endsWith("."))) {
            throw new NotADictionary();
        }
        return value;
    }

    private String string() throws NotADictionary {
        StringBuilder value = new StringBuilder("\"");
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return value.append('"').toString();
            }
            if (c == '\\' && ++at == text.length()) {
                throw new NotADictionary();
            }
            value.append(text.charAt(at));
        }
        throw new NotADictionary();
    }

    private boolean peek(char wanted) {
        boolean there = at < text.length() && text.charAt(at) == wanted;
        if (there) {
            at++;
        }
        return there;
    }

    private void require(char wanted) throws NotADictionary {
        if (!peek(wanted)) {
            throw new NotADictionary();
        }
    }

    private void spaces() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }

    private static boolean isKey(char c, boolean first) {
        return (c >= 'a' && c <= 'z')
                || c == '*'
                || (!first && (isDigit(c) || c == '_' || c == '-' || c == '.'));
    }

    private static boolean isValue(char c, boolean number) {
        return isDigit(c) || (number ? c == '.' : isAlpha(c) || TOKEN_MARKS.indexOf(c) >= 0);
    }

    private static boolean isAlpha(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
