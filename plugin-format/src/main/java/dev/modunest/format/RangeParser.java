package dev.modunest.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads npm's range grammar into alternatives of bounds. Malformed text is judged as npm judges it,
 * which is why blanks, stars and build metadata have rules of their own here.
 */
final class RangeParser {

    private static final Pattern BUILD = Pattern.compile("\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*");
    private static final Pattern STAR = Pattern.compile("[<>]?=?\\*");
    private static final Pattern LONE_TILDE = Pattern.compile("~>? ");
    private static final Pattern LONE_CARET = Pattern.compile("\\^ ");
    private static final String HYPHEN = " - ";

    private final BoundsWriter bounds;

    private RangeParser(boolean includePrerelease) {
        this.bounds = new BoundsWriter(includePrerelease);
    }

    /** The alternatives, an empty one standing for any version; empty when the text is no range. */
    static Optional<List<List<Bound>>> parse(String text, boolean includePrerelease) {
        String collapsed = Blanks.collapse(text);
        List<List<Bound>> alternatives = new ArrayList<>();
        int from = 0;
        while (from >= 0) {
            int bar = collapsed.indexOf("||", from);
            String part = collapsed.substring(from, bar < 0 ? collapsed.length() : bar);
            Optional<List<Bound>> alternative =
                    new RangeParser(includePrerelease).alternative(Blanks.trim(part));
            if (alternative.isEmpty()) {
                return Optional.empty();
            }
            alternatives.add(alternative.get());
            from = bar < 0 ? -1 : bar + 2;
        }
        // One alternative that admits anything is the whole range, also for pre-releases.
        for (List<Bound> alternative : alternatives) {
            if (alternative.isEmpty()) {
                return Optional.of(List.of(List.of()));
            }
        }
        return Optional.of(alternatives);
    }

    private Optional<List<Bound>> alternative(String part) {
        String text = BUILD.matcher(part).replaceAll("");
        if (!hyphen(text)) {
            String joined = joinOperators(text);
            joined = LONE_TILDE.matcher(joined).replaceAll("~");
            joined = LONE_CARET.matcher(joined).replaceAll("^");
            for (String token : joined.split(" ", -1)) {
                token(token);
            }
        }
        return bounds.finish();
    }

    /** Reads {@code from - to}; false when the text is none. */
    private boolean hyphen(String text) {
        int start = text.startsWith(" ") ? 1 : 0;
        Optional<PartialVersion> from = PartialVersion.read(text, start);
        if (from.isEmpty() || !text.startsWith(HYPHEN, from.get().end())) {
            return false;
        }
        Optional<PartialVersion> to = PartialVersion.read(text, from.get().end() + HYPHEN.length());
        if (to.isEmpty() || !isEndOrSpace(text, to.get().end())) {
            return false;
        }
        bounds.span(from.get(), to.get());
        return true;
    }

    private static boolean isEndOrSpace(String text, int at) {
        return at == text.length() || (at == text.length() - 1 && text.charAt(at) == ' ');
    }

    /** Removes the one blank that may stand between an operator and its version. */
    private static String joinOperators(String text) {
        StringBuilder joined = new StringBuilder(text.length());
        int copied = 0;
        int at = 0;
        while (at < text.length()) {
            int start = at;
            if (isAngle(text, at)) {
                at++;
            }
            while (at < text.length() && PartialVersion.isPrefix(text.charAt(at))) {
                at++;
            }
            if (at < text.length() && PartialVersion.isComponentStart(text.charAt(at))) {
                int blank = blankAfterOperator(text, start);
                if (blank >= 0) {
                    joined.append(text, copied, blank);
                    copied = blank + 1;
                }
                at = versionEnd(text, at);
            } else if (at == start) {
                at++;
            }
        }
        return joined.append(text, copied, text.length()).toString();
    }

    private static int blankAfterOperator(String text, int start) {
        int at = start;
        if (text.charAt(at) == ' ') {
            at++;
        }
        if (isAngle(text, at)) {
            at++;
        }
        if (text.charAt(at) == '=') {
            at++;
        }
        return text.charAt(at) == ' ' ? at : -1;
    }

    private static boolean isAngle(String text, int at) {
        return text.charAt(at) == '<' || text.charAt(at) == '>';
    }

    private static int versionEnd(String text, int from) {
        int end = from;
        while (end < text.length()
                && (PartialVersion.isIdentifierCharacter(text.charAt(end))
                        || text.charAt(end) == '.'
                        || text.charAt(end) == '+'
                        || text.charAt(end) == '*')) {
            end++;
        }
        return end;
    }

    private void token(String token) {
        if (token.isEmpty()) {
            return;
        }
        if (token.charAt(0) == '~') {
            Optional<PartialVersion> partial = whole(token, token.startsWith("~>") ? 2 : 1);
            if (partial.isPresent()) {
                bounds.tilde(partial.get());
            } else {
                bounds.malformed();
            }
        } else if (token.charAt(0) == '^') {
            Optional<PartialVersion> partial = whole(token, 1);
            if (partial.isPresent()) {
                bounds.caret(partial.get());
            } else {
                bounds.malformed();
            }
        } else {
            comparator(token);
        }
    }

    private void comparator(String token) {
        String operator = operator(token);
        Optional<PartialVersion> partial = whole(token, operator.length());
        if (partial.isPresent()) {
            bounds.comparator(operator, partial.get());
            return;
        }
        // npm takes the first star out of what is not an x-range: 1.2.3* is 1.2.3.
        String starless = STAR.matcher(token).replaceFirst("");
        String starlessOperator = operator(starless);
        whole(starless, starlessOperator.length())
                .filter(PartialVersion::isFull)
                .ifPresentOrElse(
                        version -> bounds.comparator(starlessOperator, version), bounds::malformed);
    }

    private static String operator(String token) {
        int end = !token.isEmpty() && isAngle(token, 0) ? 1 : 0;
        return token.substring(0, token.startsWith("=", end) ? end + 1 : end);
    }

    private static Optional<PartialVersion> whole(String token, int start) {
        Optional<PartialVersion> partial = PartialVersion.read(token, start);
        return partial.isPresent() && partial.get().end() == token.length()
                ? partial
                : Optional.empty();
    }
}
