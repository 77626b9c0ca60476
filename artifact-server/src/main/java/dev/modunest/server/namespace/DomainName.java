package dev.modunest.server.namespace;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A domain as its holder registered it, and the namespaces that it stands for. A namespace says no
 * more than a domain does when the domain's labels make it up from the right to the left:
 *
 * <ul>
 *   <li>all of them: {@code tools.acme.com} is {@code com-acme-tools};
 *   <li>those before the public suffix: {@code acme.com} and {@code acme.co.uk} are {@code acme},
 *       {@code tools.acme.com} is {@code acme-tools}.
 * </ul>
 *
 * The suffix is the last label, and the one before it where a country's registry sells names below
 * it ({@code co.uk}). Under no other suffix does a label like {@code com} stand for somebody.
 */
record DomainName(String text) {

    private static final int MAX_LENGTH = 253;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern TOP = Pattern.compile("[a-z][a-z0-9-]{1,62}");
    private static final Set<String> SECOND_LEVEL =
            Set.of("ac", "co", "com", "edu", "go", "gob", "gov", "mil", "ne", "net", "or", "org");

    DomainName {
        String[] labels = text.split("\\.", -1);
        boolean fits = text.length() <= MAX_LENGTH && labels.length >= 2;
        for (String label : labels) {
            fits = fits && LABEL.matcher(label).matches();
        }
        if (!fits || !TOP.matcher(labels[labels.length - 1]).matches()) {
            throw new IllegalArgumentException("'" + text + "' is no domain like acme.com");
        }
    }

    /** In lower case and without the dot at its end. */
    static Optional<DomainName> tryParse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        try {
            return Optional.of(
                    new DomainName(
                            lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** What the domain verifies. */
    Set<String> namespaces() {
        List<String> reversed = new ArrayList<>(List.of(text.split("\\."))).reversed();
        Set<String> namespaces = new TreeSet<>();
        namespaces.add(String.join("-", reversed));
        List<String> own = reversed.subList(suffixLabels(reversed), reversed.size());
        if (!own.isEmpty() && !SECOND_LEVEL.contains(own.getFirst())) {
            namespaces.add(String.join("-", own));
        }
        return namespaces;
    }

    private static int suffixLabels(List<String> reversed) {
        boolean country = reversed.getFirst().length() == 2;
        return country && SECOND_LEVEL.contains(reversed.get(1)) ? 2 : 1;
    }

    /** Where the challenge stands. */
    String record() {
        return "_modunest-challenge." + text;
    }

    @Override
    public String toString() {
        return text;
    }
}
