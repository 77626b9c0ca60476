package dev.modunest.loader.auth;

import dev.modunest.format.PluginId;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A set of plugins: {@code *}, {@code namespace/*}, {@code namespace/name} or {@code
 * namespace/prefix*}.
 */
record IdPattern(String text) {

    private static final Pattern PREFIX = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}\\*");

    static Optional<IdPattern> read(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return text.equals("*") ? Optional.of(new IdPattern(text)) : Optional.empty();
        }
        String name = text.substring(slash + 1);
        boolean sound =
                PluginId.isPart(text.substring(0, slash))
                        && (name.equals("*")
                                || PREFIX.matcher(name).matches()
                                || PluginId.isPart(name));
        return sound ? Optional.of(new IdPattern(text)) : Optional.empty();
    }

    /** As {@link #read}, for what the caller wrote. */
    static IdPattern parse(String text) {
        return read(text)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "'"
                                                + text
                                                + "' is no pattern of plugins: write *,"
                                                + " namespace/*, namespace/prefix* or"
                                                + " namespace/name"));
    }

    /**
     * Whether it has {@code resource} in it.
     *
     * @param resource {@code namespace/name}, or a namespace, which only {@code *} and {@code
     *     namespace/*} have
     */
    boolean matches(String resource) {
        if (!text.endsWith("*")) {
            return text.equals(resource);
        }
        String start = text.substring(0, text.length() - 1);
        return resource.startsWith(start) || (start.endsWith("/") && start.equals(resource + "/"));
    }
}
