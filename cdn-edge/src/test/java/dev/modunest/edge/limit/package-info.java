/** Tests of the limits of clients. */
@NullMarked
package dev.modunest.edge.limit;

import org.jspecify.annotations.NullMarked;
