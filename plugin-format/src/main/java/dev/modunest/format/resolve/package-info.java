/**
 * From requirements to exact releases: index entries, the resolver, the plan. Used by the registry
 * and by the loader.
 */
@NullMarked
package dev.modunest.format.resolve;

import org.jspecify.annotations.NullMarked;
