/** The one HTTP client towards the origin, its bounds and its failures. */
@NullMarked
package dev.modunest.edge.origin;

import org.jspecify.annotations.NullMarked;
