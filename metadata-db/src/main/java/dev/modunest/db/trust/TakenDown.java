package dev.modunest.db.trust;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;

import java.time.Instant;

/**
 * A release that is quarantined or deleted.
 *
 * @param secret whether only some may know of it
 */
public record TakenDown(
        Coordinate coordinate, boolean secret, Digest digest, String reason, Instant at) {}
