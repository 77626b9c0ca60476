/** A release as a JSON document. */
@NullMarked
package dev.modunest.server.release;

import org.jspecify.annotations.NullMarked;
