/** Secrets that people know or have, and the sealing of secrets kept in the index. */
@NullMarked
package dev.modunest.server.password;

import org.jspecify.annotations.NullMarked;
