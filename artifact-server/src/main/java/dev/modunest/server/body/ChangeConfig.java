package dev.modunest.server.body;

import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Default;

/**
 * Bounds on requests that change something.
 *
 * @param maxBody bytes of a request
 */
public record ChangeConfig(@Default("16KiB") ByteSize maxBody) {

    public ChangeConfig {
        if (maxBody.bytes() < 1 << 10 || maxBody.bytes() > 1 << 20) {
            throw new IllegalArgumentException("max_body is 1KiB to 1MiB, not " + maxBody);
        }
    }
}
