/** Gatling simulations against a running registry, and the logic under them. */
@NullMarked
package dev.modunest.load;

import org.jspecify.annotations.NullMarked;
