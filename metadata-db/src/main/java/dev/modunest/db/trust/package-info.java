/** Certificates and their revocation. */
@NullMarked
package dev.modunest.db.trust;

import org.jspecify.annotations.NullMarked;
