/** Bodies of requests that are read whole, within a bound. */
@NullMarked
package dev.modunest.server.body;

import org.jspecify.annotations.NullMarked;
