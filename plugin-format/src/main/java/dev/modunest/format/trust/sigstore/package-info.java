/** Verifies Sigstore bundles in general, as other clients of Sigstore do. */
@NullMarked
package dev.modunest.format.trust.sigstore;

import org.jspecify.annotations.NullMarked;
