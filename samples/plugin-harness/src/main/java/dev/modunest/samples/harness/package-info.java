/**
 * Runs plugin jars in tests as a host would: inspected, each in a class loader of its own, wired by
 * exported packages.
 */
@NullMarked
package dev.modunest.samples.harness;

import org.jspecify.annotations.NullMarked;
