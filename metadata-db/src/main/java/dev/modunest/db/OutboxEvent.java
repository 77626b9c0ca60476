package dev.modunest.db;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;

import java.time.Instant;
import java.util.Optional;

/**
 * One change of the index.
 *
 * @param serial its place in the order of all changes
 * @param kind dotted, as in {@code release.published}
 * @param plugin whose documents changed
 * @param coordinate of the release that changed
 * @param digest of its artifact
 */
public record OutboxEvent(
        long serial,
        String kind,
        PluginId plugin,
        Optional<Coordinate> coordinate,
        Optional<Digest> digest,
        Instant at) {}
