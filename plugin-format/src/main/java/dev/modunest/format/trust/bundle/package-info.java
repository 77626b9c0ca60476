/** Sigstore bundles v0.3 of releases, and their entries in the log. */
@NullMarked
package dev.modunest.format.trust.bundle;

import org.jspecify.annotations.NullMarked;
