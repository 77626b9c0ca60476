/**
 * From requirements to a plan: by the registry, the sparse index, a lock file or the jars of a
 * folder.
 */
@NullMarked
package dev.modunest.loader.resolve;

import org.jspecify.annotations.NullMarked;
