/** The registry's own keys and certificates, and what is said with them. */
@NullMarked
package dev.modunest.server.trust;

import org.jspecify.annotations.NullMarked;
