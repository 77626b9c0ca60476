/** Which names may be taken. */
@NullMarked
package dev.modunest.server.name;

import org.jspecify.annotations.NullMarked;
