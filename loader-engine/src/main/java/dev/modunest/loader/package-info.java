/**
 * The host-side engine: resolves, fetches, verifies, isolates and starts plugins. This package is
 * its public API.
 */
@NullMarked
package dev.modunest.loader;

import org.jspecify.annotations.NullMarked;
