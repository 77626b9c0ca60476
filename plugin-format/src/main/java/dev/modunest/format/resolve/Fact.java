package dev.modunest.format.resolve;

import dev.modunest.format.Coordinate;
import dev.modunest.format.PluginId;
import dev.modunest.format.VersionRange;

import java.util.List;

/**
 * What somebody requires.
 *
 * @param requirers the releases of one plugin that require it; empty for the request itself
 * @param range as the first of them writes it; the others allow the same releases
 */
record Fact(List<Coordinate> requirers, PluginId target, VersionRange range, boolean optional) {

    Fact {
        requirers = List.copyOf(requirers);
    }
}
