/** Where log lines go and how they look. */
@NullMarked
package dev.modunest.server.log;

import org.jspecify.annotations.NullMarked;
