/** A plugin for tests that requires the greeter. */
@NullMarked
package dev.modunest.samples.harness.plugins.asker;

import org.jspecify.annotations.NullMarked;
