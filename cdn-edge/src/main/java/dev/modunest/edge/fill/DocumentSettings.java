package dev.modunest.edge.fill;

import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * Caching of metadata: the index and public reads of the API.
 *
 * @param maxSize greater documents are passed through
 * @param negativeAge the longest life of a 404 or 410
 * @param uncacheableAge how long a document that may not be stored goes straight to the origin
 * @param maxUncacheable documents remembered as such
 */
public record DocumentSettings(
        @Default("4MiB") ByteSize maxSize,
        @Default("1s") Duration negativeAge,
        @Default("10s") Duration uncacheableAge,
        @Default("10000") int maxUncacheable) {

    public DocumentSettings {
        if (maxSize.bytes() > 64L << 20) {
            throw new IllegalArgumentException("max_size is " + maxSize + ": at most 64MiB");
        }
    }
}
