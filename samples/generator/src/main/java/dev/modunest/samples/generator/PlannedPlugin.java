package dev.modunest.samples.generator;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;

import java.util.List;
import java.util.Locale;

/**
 * A plugin of the graph before its bytes exist.
 *
 * @param seed of its bytes
 * @param filler bytes of its resource
 */
record PlannedPlugin(Coordinate coordinate, List<Dependency> requires, long seed, int filler) {

    private static final String ROOT = "dev.modunest.generated.";

    PlannedPlugin {
        requires = List.copyOf(requires);
    }

    String name() {
        return coordinate.plugin().name();
    }

    String packageName() {
        return ROOT + name();
    }

    String entryPoint() {
        return packageName() + "." + name().toUpperCase(Locale.ROOT) + "Plugin";
    }

    String apiPackage() {
        return packageName() + ".api";
    }

    String apiClass() {
        return apiClass(name());
    }

    /** The exported class of the plugin {@code name}. */
    static String apiClass(String name) {
        return ROOT + name + ".api." + name.toUpperCase(Locale.ROOT);
    }
}
