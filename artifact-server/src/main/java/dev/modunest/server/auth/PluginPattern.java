package dev.modunest.server.auth;

import dev.modunest.format.PluginId;

import java.util.regex.Pattern;

/**
 * Names plugins: {@code *} all, {@code acme/*} those of a namespace, {@code acme/tool-*} those with
 * a beginning, {@code acme/tool} one.
 */
public record PluginPattern(String text) {

    private static final int MAX_LENGTH = 130;
    private static final Pattern FORM =
            Pattern.compile("\\*|[a-z0-9]+(-[a-z0-9]+)*/(\\*|[a-z0-9]+(-[a-z0-9]+)*(-?\\*)?)");

    /** After what its check needs. */
    public static final PluginPattern ALL = new PluginPattern("*");

    public PluginPattern {
        if (text.length() > MAX_LENGTH || !FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a pattern is *, namespace/*, namespace/beginning* or namespace/name, in the letters of names");
        }
    }

    public static PluginPattern parse(String text) {
        return new PluginPattern(text);
    }

    public boolean matches(PluginId plugin) {
        if (text.equals("*")) {
            return true;
        }
        String id = plugin.toString();
        return text.endsWith("*")
                ? id.startsWith(text.substring(0, text.length() - 1))
                : id.equals(text);
    }

    /** Whether it names every plugin that {@code other} names. */
    public boolean includes(PluginPattern other) {
        if (text.equals("*") || text.equals(other.text())) {
            return true;
        }
        return text.endsWith("*")
                && !other.text().equals("*")
                && other.text().startsWith(text.substring(0, text.length() - 1));
    }

    /** Whether it names every plugin of the namespace, those to come included. */
    public boolean coversNamespace(String namespace) {
        return text.equals("*") || text.equals(namespace + "/*");
    }

    @Override
    public String toString() {
        return text;
    }
}
