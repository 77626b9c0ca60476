/** DER (X.690), read strictly: what has another encoding of the same value is refused. */
@NullMarked
package dev.modunest.format.trust.der;

import org.jspecify.annotations.NullMarked;
