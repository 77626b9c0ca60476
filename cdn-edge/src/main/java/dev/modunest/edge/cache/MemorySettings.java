package dev.modunest.edge.cache;

import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Default;

/**
 * The memory tier.
 *
 * @param size of all entries, overhead included
 * @param maxObject greater objects are served from disk by sendfile, which costs less from there on
 */
public record MemorySettings(
        @Default("256MiB") ByteSize size, @Default("128KiB") ByteSize maxObject) {

    public MemorySettings {
        if (maxObject.bytes() > 64L << 20) {
            throw new IllegalArgumentException("max_object is " + maxObject + ": at most 64MiB");
        }
    }
}
