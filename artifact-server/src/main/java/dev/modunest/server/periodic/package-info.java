/** What a process does again and again beside its requests. */
@NullMarked
package dev.modunest.server.periodic;

import org.jspecify.annotations.NullMarked;
