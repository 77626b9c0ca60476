/** Tests of the edge as its clients see it. */
@NullMarked
package dev.modunest.edge;

import org.jspecify.annotations.NullMarked;
