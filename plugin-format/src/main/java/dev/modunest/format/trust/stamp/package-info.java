/** Time stamps (RFC 3161), read and verified without their server. */
@NullMarked
package dev.modunest.format.trust.stamp;

import org.jspecify.annotations.NullMarked;
