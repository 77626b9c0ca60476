/** Bodies of requests that change something. */
@NullMarked
package dev.modunest.server.json;

import org.jspecify.annotations.NullMarked;
