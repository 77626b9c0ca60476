package dev.modunest.format;

/** One release of a plugin: {@code namespace/name@version}. */
public record Coordinate(PluginId plugin, Version version) implements Comparable<Coordinate> {

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
        int byPlugin = plugin.compareTo(other.plugin);
        return byPlugin != 0 ? byPlugin : version.compareTo(other.version);
    }

    @Override
    public String toString() {
        return plugin + "@" + version;
    }

    // Written out, as those that a record generates cost a JVM that starts some milliseconds.
    @Override
    public boolean equals(Object object) {
        return object instanceof Coordinate other
                && plugin.equals(other.plugin)
                && version.equals(other.version);
    }

    @Override
    public int hashCode() {
        return 31 * plugin.hashCode() + version.hashCode();
    }
}
