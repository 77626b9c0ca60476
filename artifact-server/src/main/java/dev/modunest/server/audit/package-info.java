/** Who did what: for administrators to read. */
@NullMarked
package dev.modunest.server.audit;

import org.jspecify.annotations.NullMarked;
