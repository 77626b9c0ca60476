package dev.modunest.edge.cache;

import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Default;

/**
 * The memory tier.
 *
 * @param size of all entries, overhead included
 * @param maxObject greater artifacts are served from disk by sendfile
 */
public record MemorySettings(
        @Default("256MiB") ByteSize size, @Default("1MiB") ByteSize maxObject) {

    public MemorySettings {
        if (maxObject.bytes() > 64L << 20) {
            throw new IllegalArgumentException("max_object is " + maxObject + ": at most 64MiB");
        }
    }
}
