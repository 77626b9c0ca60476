/** Certificates of the registry's own authorities (RFC 5280), made by Bouncy Castle. */
@NullMarked
package dev.modunest.server.x509;

import org.jspecify.annotations.NullMarked;
