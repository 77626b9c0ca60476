/** Tests of announce. */
@NullMarked
package dev.modunest.server.announce;

import org.jspecify.annotations.NullMarked;
