package dev.modunest.server.access;

import dev.modunest.settings.Default;

/**
 * How much may be granted.
 *
 * @param mostPerNamespace grants on a namespace and its plugins
 */
public record GrantsConfig(@Default("500") int mostPerNamespace) {

    public GrantsConfig {
        if (mostPerNamespace < 0 || mostPerNamespace > 100_000) {
            throw new IllegalArgumentException(
                    "most_per_namespace is 0 to 100000, not " + mostPerNamespace);
        }
    }
}
