/** What is granted to whom, and why something is allowed or not. */
@NullMarked
package dev.modunest.server.access;

import org.jspecify.annotations.NullMarked;
