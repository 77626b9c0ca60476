/** What the edge counts. */
@NullMarked
package dev.modunest.edge.metrics;

import org.jspecify.annotations.NullMarked;
