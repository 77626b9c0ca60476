/** The time stamping authority (RFC 3161). */
@NullMarked
package dev.modunest.server.timestamp;

import org.jspecify.annotations.NullMarked;
