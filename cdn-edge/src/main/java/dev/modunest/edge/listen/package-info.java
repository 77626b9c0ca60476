/** The ports that clients reach: connections, framing, their bounds, and how they end. */
@NullMarked
package dev.modunest.edge.listen;

import org.jspecify.annotations.NullMarked;
