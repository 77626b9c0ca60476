/** Reads the JSON of bundles, statements and trust roots, field by field. */
@NullMarked
package dev.modunest.format.trust.json;

import org.jspecify.annotations.NullMarked;
