/** The endpoints: parse HTTP, ask the cache, write HTTP. */
@NullMarked
package dev.modunest.edge.serve;

import org.jspecify.annotations.NullMarked;
