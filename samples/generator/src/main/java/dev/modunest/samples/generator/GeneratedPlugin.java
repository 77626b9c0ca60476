package dev.modunest.samples.generator;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;

import java.nio.file.Path;
import java.util.List;

/**
 * One jar that was written.
 *
 * @param size in bytes
 */
public record GeneratedPlugin(
        Coordinate coordinate, Path path, long size, List<Dependency> requires) {

    public GeneratedPlugin {
        requires = List.copyOf(requires);
    }
}
