/** Mutations that have one effect however often they are sent. */
@NullMarked
package dev.modunest.server.idempotency;

import org.jspecify.annotations.NullMarked;
