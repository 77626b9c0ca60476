/** How often a client may ask. */
@NullMarked
package dev.modunest.edge.limit;

import org.jspecify.annotations.NullMarked;
