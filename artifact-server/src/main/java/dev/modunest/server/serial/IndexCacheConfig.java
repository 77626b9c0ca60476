package dev.modunest.server.serial;

import dev.modunest.settings.Default;

/**
 * Bounds on what is remembered of the index.
 *
 * @param maxReleases most releases, each about 1 KiB of memory
 */
public record IndexCacheConfig(@Default("100000") int maxReleases) {

    public IndexCacheConfig {
        if (maxReleases < 0) {
            throw new IllegalArgumentException("max_releases is at least 0, not " + maxReleases);
        }
    }
}
