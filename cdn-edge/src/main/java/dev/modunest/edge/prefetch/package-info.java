/** Fetching what will be asked for before it is. */
@NullMarked
package dev.modunest.edge.prefetch;

import org.jspecify.annotations.NullMarked;
