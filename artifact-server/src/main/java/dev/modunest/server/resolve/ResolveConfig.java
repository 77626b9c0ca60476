package dev.modunest.server.resolve;

import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Default;

/**
 * Bounds on resolving.
 *
 * @param maxBody bytes of a request
 */
public record ResolveConfig(@Default("1MiB") ByteSize maxBody) {

    public ResolveConfig {
        if (maxBody.bytes() < 1 << 10 || maxBody.bytes() > 64 << 20) {
            throw new IllegalArgumentException("max_body is 1KiB to 64MiB, not " + maxBody);
        }
    }
}
