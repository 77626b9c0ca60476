/** Artifacts by digest and by name. */
@NullMarked
package dev.modunest.server.download;

import org.jspecify.annotations.NullMarked;
