package dev.modunest.edge.fill;

import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * Caching of what is not an artifact.
 *
 * @param heads heap for the heads of stored responses; their contents are in the tiers
 * @param maxShared a longer refusal or failure of the origin is not told to all who wait for it
 * @param negativeAge the longest life of a 404, 410 or 451 of a registry, and their standard life
 *     of any other origin
 * @param staleIfGone how long past its lifetime a response stands in at least when the origin does
 *     not answer, and that of a registry also when it fails, unless its directives forbid it
 * @param uncacheableAge how long requests for what may not be stored do not wait for each other
 * @param maxUncacheable URIs remembered as such
 */
public record ResponseSettings(
        @Default("32MiB") ByteSize heads,
        @Default("64KiB") ByteSize maxShared,
        @Default("1s") Duration negativeAge,
        @Default("7d") Duration staleIfGone,
        @Default("10s") Duration uncacheableAge,
        @Default("10000") int maxUncacheable) {

    public ResponseSettings {
        if (maxShared.bytes() > 64L << 20) {
            throw new IllegalArgumentException("max_shared is " + maxShared + ": at most 64MiB");
        }
    }
}
