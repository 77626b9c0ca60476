/** Brings artifacts into the local cache: HTTP with deadlines, resume and retry. */
@NullMarked
package dev.modunest.loader.fetch;

import org.jspecify.annotations.NullMarked;
