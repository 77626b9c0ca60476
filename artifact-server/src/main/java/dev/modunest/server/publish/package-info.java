/** From the body of a request to a live release. */
@NullMarked
package dev.modunest.server.publish;

import org.jspecify.annotations.NullMarked;
