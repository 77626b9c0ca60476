package dev.modunest.loader;

import dev.modunest.format.Coordinate;

/**
 * What became of one plugin of the plan.
 *
 * @param fetchedBytes bytes that came over the network for it; 0 when the cache had them
 */
public record PluginReport(Coordinate coordinate, Outcome outcome, long fetchedBytes) {}
