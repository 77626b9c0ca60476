package dev.modunest.format.resolve;

import dev.modunest.format.PluginId;
import dev.modunest.format.VersionRange;

/** What a host asks for: any version of {@code plugin} in {@code range}. */
public record Requirement(PluginId plugin, VersionRange range) {

    /** Parses {@code namespace/name} (any version), {@code namespace/name@range}. */
    public static Requirement parse(String text) {
        int at = text.indexOf('@');
        return at < 0
                ? new Requirement(PluginId.parse(text), VersionRange.parse("*"))
                : new Requirement(
                        PluginId.parse(text.substring(0, at)),
                        VersionRange.parse(text.substring(at + 1)));
    }

    @Override
    public String toString() {
        return plugin + "@" + range;
    }
}
