/**
 * How the tiers are filled from the origin: one flight per object, verified before it is admitted.
 */
@NullMarked
package dev.modunest.edge.fill;

import org.jspecify.annotations.NullMarked;
