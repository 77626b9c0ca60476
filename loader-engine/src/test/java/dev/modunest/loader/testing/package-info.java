/**
 * What tests of the loader share: plugin jars made in memory, a registry with faults, a recorder.
 */
@NullMarked
package dev.modunest.loader.testing;

import org.jspecify.annotations.NullMarked;
