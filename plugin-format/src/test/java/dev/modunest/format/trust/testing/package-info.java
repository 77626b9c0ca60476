/** A registry's keys, certificates and log, made anew for a test. */
@NullMarked
package dev.modunest.format.trust.testing;

import org.jspecify.annotations.NullMarked;
