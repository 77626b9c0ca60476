/** The certificate authority: certificates of publishers and their revocation. */
@NullMarked
package dev.modunest.server.ca;

import org.jspecify.annotations.NullMarked;
