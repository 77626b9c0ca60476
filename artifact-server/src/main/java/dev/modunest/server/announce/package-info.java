/** Telling edges that this server is there. */
@NullMarked
package dev.modunest.server.announce;

import org.jspecify.annotations.NullMarked;
