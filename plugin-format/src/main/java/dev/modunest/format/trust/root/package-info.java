/** Whom a host trusts: Sigstore's trusted_root.json. */
@NullMarked
package dev.modunest.format.trust.root;

import org.jspecify.annotations.NullMarked;
