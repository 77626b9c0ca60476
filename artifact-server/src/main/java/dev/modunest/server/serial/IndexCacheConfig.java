package dev.modunest.server.serial;

import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Default;

/**
 * Bounds on what is remembered of the index.
 *
 * @param maxSize memory of all that is remembered, about
 */
public record IndexCacheConfig(@Default("128MiB") ByteSize maxSize) {}
