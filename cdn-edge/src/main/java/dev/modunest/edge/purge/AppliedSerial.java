package dev.modunest.edge.purge;

import java.time.Instant;
import java.util.Optional;

/**
 * The last event that was applied.
 *
 * @param serial its number; 0: none is known
 * @param at when it was made, by which the origin knows it from another event of that number, which
 *     there is when its database went back in time; empty after a reset
 */
public record AppliedSerial(long serial, Optional<Instant> at) {

    static final AppliedSerial NONE = new AppliedSerial(0, Optional.empty());
}
