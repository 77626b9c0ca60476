/** What a request causes, as spans of its trace. */
@NullMarked
package dev.modunest.server.tracing;

import org.jspecify.annotations.NullMarked;
