package dev.modunest.server.serial;

import dev.modunest.settings.Default;

/**
 * Bounds on what is remembered of the index.
 *
 * @param memoryPercent of the heap, about; 0: nothing is remembered
 */
public record IndexCacheConfig(@Default("10") int memoryPercent) {

    public IndexCacheConfig {
        if (memoryPercent < 0 || memoryPercent > 80) {
            throw new IllegalArgumentException("memory_percent is 0 to 80, not " + memoryPercent);
        }
    }

    long memoryBytes() {
        return Runtime.getRuntime().maxMemory() / 100 * memoryPercent;
    }
}
