/** Downloads, counted beside the hot path and reported to the origin once each. */
@NullMarked
package dev.modunest.edge.counts;

import org.jspecify.annotations.NullMarked;
