package dev.modunest.format;

import java.util.Optional;

/**
 * The identity of a plugin across all its releases: {@code namespace/name}. Each part is 1 to 64
 * characters of {@code a-z0-9} with single hyphens inside, so that it is safe in a URL path, a file
 * name and a DNS label.
 */
public record PluginId(String namespace, String name) implements Comparable<PluginId> {

    public static final String RULE =
            "1 to 64 characters of a-z and 0-9, with single hyphens inside";

    private static final int MAX_PART = 64;

    public PluginId {
        requirePart("namespace", namespace);
        requirePart("name", name);
    }

    /** Parses {@code namespace/name}. */
    public static PluginId parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a plugin id: write namespace/name");
        }
        return new PluginId(text.substring(0, slash), text.substring(slash + 1));
    }

    public static Optional<PluginId> tryParse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !isPart(text.substring(0, slash)) || !isPart(text.substring(slash + 1))) {
            return Optional.empty();
        }
        return Optional.of(new PluginId(text.substring(0, slash), text.substring(slash + 1)));
    }

    /** Whether {@code text} may be a namespace or a name. */
    public static boolean isPart(String text) {
        if (text.length() > MAX_PART) {
            return false;
        }
        boolean afterLetter = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (!letter && !(c == '-' && afterLetter)) {
                return false;
            }
            afterLetter = letter;
        }
        return afterLetter;
    }

    private static void requirePart(String what, String text) {
        if (!isPart(text)) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a plugin " + what + ": " + RULE);
        }
    }

    @Override
    public int compareTo(PluginId other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }

    // Written out, as those that a record generates cost a JVM that starts some milliseconds.
    @Override
    public boolean equals(Object object) {
        return object instanceof PluginId other
                && namespace.equals(other.namespace)
                && name.equals(other.name);
    }

    @Override
    public int hashCode() {
        return 31 * namespace.hashCode() + name.hashCode();
    }
}
