package dev.modunest.standalone.operations;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names that an expression of Prometheus has, as far as the checks here need them. */
final class PromQl {

    private static final Pattern SELECTOR =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)\\s*\\{([^}]*)}");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)\\s*(?:=~|!~|!=|=)");
    private static final Pattern GROUPING =
            Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
    private static final Pattern NAME =
            Pattern.compile("(?<![a-zA-Z0-9_:.])[a-zA-Z_:][a-zA-Z0-9_:]*(?!\\s*\\()\\b");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "offset", "bool");

    private PromQl() {}

    /** Metrics and recorded series. */
    static Set<String> metrics(String expression) {
        String bare =
                GROUPING.matcher(
                                expression
                                        .replaceAll("\"[^\"]*\"", "\"\"")
                                        .replaceAll("\\{[^}]*}", "")
                                        .replaceAll("\\[[^]]*]", "")
                                        .replaceAll("\\boffset\\s+\\w+", ""))
                        .replaceAll("");
        Set<String> names = new TreeSet<>();
        Matcher name = NAME.matcher(bare);
        while (name.find()) {
            // Of a function the pattern still finds all but the last letter.
            boolean function = bare.substring(name.end()).matches("(?s)[a-zA-Z0-9_:]*\\s*\\(.*");
            if (!function && !WORDS.contains(name.group())) {
                names.add(name.group());
            }
        }
        return names;
    }

    /** {@code metric label} of every matcher. */
    static Set<String> matchers(String expression) {
        Set<String> pairs = new TreeSet<>();
        Matcher selector = SELECTOR.matcher(expression.replaceAll("\"[^\"]*\"", "\"\""));
        while (selector.find()) {
            Matcher label = LABEL.matcher(selector.group(2));
            while (label.find()) {
                pairs.add(selector.group(1) + " " + label.group(1));
            }
        }
        return pairs;
    }
}
