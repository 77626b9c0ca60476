/** Runs plugin jars in tests as a host would, by the engine. */
@NullMarked
package dev.modunest.samples.harness;

import org.jspecify.annotations.NullMarked;
