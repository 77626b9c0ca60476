package dev.modunest.loader;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;

import java.util.List;

/**
 * Told of what happens to trust beside the loads; by threads of the engine, which wait for it. What
 * it throws is logged.
 */
public interface TrustListener {

    /** Hears nothing. */
    TrustListener NONE = new TrustListener() {};

    /**
     * A running plugin has been taken down by the registry.
     *
     * @param stopped what was stopped for it, dependents first; empty by {@link
     *     TrustOptions.OnRevoked#REPORT}
     */
    default void revoked(Coordinate plugin, TrustWarning why, List<Coordinate> stopped) {}

    /** A refresh failed; what is known stays in use within the grace. */
    default void refreshFailed(TrustWarning why) {}

    /**
     * A root was pinned on first use.
     *
     * @param root the SHA-256 of the file, to be compared with what the registry's operator says
     */
    default void rootPinned(Digest root) {}

    /** There is no root to pin, and none is required: plugins are loaded unverified. */
    default void unverified(String reason) {}
}
