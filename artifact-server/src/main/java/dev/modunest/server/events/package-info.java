/** The stream that tells caches outside of this process what changed. */
@NullMarked
package dev.modunest.server.events;

import org.jspecify.annotations.NullMarked;
