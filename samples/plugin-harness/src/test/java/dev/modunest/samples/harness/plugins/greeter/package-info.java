/** A plugin for tests that others may require: exported. */
@NullMarked
package dev.modunest.samples.harness.plugins.greeter;

import org.jspecify.annotations.NullMarked;
