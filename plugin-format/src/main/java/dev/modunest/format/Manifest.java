package dev.modunest.format;

import java.util.List;
import java.util.Optional;

/**
 * What a plugin says of itself: {@code META-INF/modunest/plugin.json}, {@code
 * docs/format/manifest.md}.
 *
 * @param entryPoint the binary name of the class to start; empty for a library
 * @param host the versions of the host that it runs on
 * @param exports the packages that dependents may see
 */
public record Manifest(
        Coordinate coordinate,
        Kind kind,
        Optional<String> entryPoint,
        Optional<String> title,
        Optional<String> description,
        List<Dependency> requires,
        Optional<VersionRange> host,
        List<String> exports,
        List<String> permissions,
        List<String> categories,
        Optional<String> license,
        Optional<String> homepage) {

    /** Where the manifest stands in the jar. */
    public static final String PATH = "META-INF/modunest/plugin.json";

    /** A plugin is started, a library only gives its exported packages. */
    public enum Kind {
        PLUGIN,
        LIBRARY
    }

    public Manifest {
        requires = List.copyOf(requires);
        exports = List.copyOf(exports);
        permissions = List.copyOf(permissions);
        categories = List.copyOf(categories);
        if ((kind == Kind.LIBRARY) != entryPoint.isEmpty()) {
            throw new IllegalArgumentException(
                    "a plugin names its entry_point and a library has none");
        }
    }
}
