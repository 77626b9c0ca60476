/** Tests of serve. */
@NullMarked
package dev.modunest.edge.serve;

import org.jspecify.annotations.NullMarked;
