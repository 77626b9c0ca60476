/** X.509 certificates and revocation lists (RFC 5280), paths between them and what they may say. */
@NullMarked
package dev.modunest.format.trust.x509;

import org.jspecify.annotations.NullMarked;
