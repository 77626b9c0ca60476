/** The two tiers: objects and documents in memory, artifacts on disk. */
@NullMarked
package dev.modunest.edge.cache;

import org.jspecify.annotations.NullMarked;
