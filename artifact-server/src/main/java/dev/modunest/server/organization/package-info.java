/** Organisations, who is in them, and their teams. */
@NullMarked
package dev.modunest.server.organization;

import org.jspecify.annotations.NullMarked;
