package dev.modunest.server.serial;

import dev.modunest.db.OutboxEvent;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;

import java.util.Optional;

/**
 * What changed in the index.
 *
 * @param coordinate of the release; empty: any release of the plugin
 * @param digest of its artifact; empty: any
 */
public record Change(PluginId plugin, Optional<Coordinate> coordinate, Optional<Digest> digest) {

    public static Change of(Coordinate coordinate, Digest digest) {
        return new Change(coordinate.plugin(), Optional.of(coordinate), Optional.of(digest));
    }

    static Change of(OutboxEvent event) {
        return new Change(event.plugin(), event.coordinate(), event.digest());
    }
}
