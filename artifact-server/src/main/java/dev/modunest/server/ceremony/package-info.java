/** Makes the keys and certificates of a registry, step by step or all at once. */
@NullMarked
package dev.modunest.server.ceremony;

import org.jspecify.annotations.NullMarked;
