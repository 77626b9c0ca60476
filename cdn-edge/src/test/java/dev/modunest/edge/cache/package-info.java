/** Tests of cache. */
@NullMarked
package dev.modunest.edge.cache;

import org.jspecify.annotations.NullMarked;
