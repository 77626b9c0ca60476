/** Every error as an RFC 9457 problem document, and how answers are written. */
@NullMarked
package dev.modunest.server.problem;

import org.jspecify.annotations.NullMarked;
