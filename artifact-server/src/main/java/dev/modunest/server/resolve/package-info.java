/** From requirements to a plan. */
@NullMarked
package dev.modunest.server.resolve;

import org.jspecify.annotations.NullMarked;
