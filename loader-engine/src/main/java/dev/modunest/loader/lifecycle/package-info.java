/** Runs a load: permits, waiting for dependencies, start, stop. */
@NullMarked
package dev.modunest.loader.lifecycle;

import org.jspecify.annotations.NullMarked;
