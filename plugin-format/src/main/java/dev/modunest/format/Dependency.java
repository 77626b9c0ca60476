package dev.modunest.format;

/**
 * What a release requires: any version of {@code plugin} in {@code range}; absent is no error when
 * optional.
 */
public record Dependency(PluginId plugin, VersionRange range, boolean optional) {

    @Override
    public String toString() {
        return plugin + " " + range + (optional ? " (optional)" : "");
    }
}
