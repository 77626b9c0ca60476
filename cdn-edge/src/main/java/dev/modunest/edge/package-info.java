/**
 * The edge: a pull-through cache in front of the origin. {@link dev.modunest.edge.EdgeServer} is
 * the composition root.
 */
@NullMarked
package dev.modunest.edge;

import org.jspecify.annotations.NullMarked;
