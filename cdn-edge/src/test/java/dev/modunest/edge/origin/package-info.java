/** Tests of origin. */
@NullMarked
package dev.modunest.edge.origin;

import org.jspecify.annotations.NullMarked;
