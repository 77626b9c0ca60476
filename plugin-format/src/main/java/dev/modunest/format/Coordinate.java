package dev.modunest.format;

import java.util.Comparator;

/** One release of a plugin: {@code namespace/name@version}. */
public record Coordinate(PluginId plugin, Version version) implements Comparable<Coordinate> {

    private static final Comparator<Coordinate> ORDER =
            Comparator.comparing(Coordinate::plugin).thenComparing(Coordinate::version);

    /** Parses {@code namespace/name@version}. */
    public static Coordinate parse(String text) {
        int at = text.indexOf('@');
        if (at < 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a coordinate: write namespace/name@version");
        }
        return new Coordinate(
                PluginId.parse(text.substring(0, at)), Version.parse(text.substring(at + 1)));
    }

    /** The file name under which the artifact is offered: {@code name-version.jar}. */
    public String fileName() {
        return plugin.name() + "-" + version + ".jar";
    }

    @Override
    public int compareTo(Coordinate other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return plugin + "@" + version;
    }
}
