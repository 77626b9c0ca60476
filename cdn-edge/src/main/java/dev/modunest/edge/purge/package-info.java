/** What the origin's events make of the cache: they outdate documents and withdraw artifacts. */
@NullMarked
package dev.modunest.edge.purge;

import org.jspecify.annotations.NullMarked;
