package dev.modunest.samples.harness;

import dev.modunest.format.ArchiveLimits;
import dev.modunest.format.Inspection;
import dev.modunest.format.Manifest;
import dev.modunest.format.PluginArchive;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.stream.Collectors;

/** A plugin jar that the archive inspection accepts. */
public record PluginJar(Path path, Manifest manifest) {

    /**
     * Inspects {@code path} under the default limits.
     *
     * @throws IllegalArgumentException when it is refused, naming every problem
     */
    public static PluginJar open(Path path) throws IOException {
        try (InputStream bytes = Files.newInputStream(path)) {
            return switch (PluginArchive.inspect(bytes, ArchiveLimits.DEFAULT)) {
                case Inspection.Accepted accepted -> new PluginJar(path, accepted.manifest());
                case Inspection.Refused refused ->
                        throw new IllegalArgumentException(path + " is refused" + list(refused));
            };
        }
    }

    private static String list(Inspection.Refused refused) {
        return refused.problems().stream()
                .map(problem -> "\n  " + problem)
                .collect(Collectors.joining());
    }

    /**
     * Opens the jar that {@code type} was loaded from.
     *
     * @throws IllegalArgumentException when the type comes from no jar or its jar is no plugin
     */
    public static PluginJar containing(Class<?> type) throws IOException {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        URL location = source == null ? null : source.getLocation();
        if (location == null || !location.getPath().endsWith(".jar")) {
            throw new IllegalArgumentException(
                    type.getName()
                            + " was loaded from "
                            + location
                            + ", not from a jar: build its module first (mvn package)");
        }
        return open(Path.of(URI.create(location.toString())));
    }
}
