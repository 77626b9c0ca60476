package dev.modunest.loader;

import dev.modunest.format.Coordinate;

import java.util.List;

/**
 * What became of a plugin that was unloaded.
 *
 * @param closed what it had left and was closed for it, one line each
 * @param collected whether its class loader has been collected by the garbage collector
 * @param holders what holds it, as far as it can be told, one line each; empty when it was
 *     collected
 */
public record UnloadedPlugin(
        Coordinate coordinate, List<String> closed, boolean collected, List<String> holders) {
    public UnloadedPlugin {
        closed = List.copyOf(closed);
        holders = List.copyOf(holders);
    }
}
