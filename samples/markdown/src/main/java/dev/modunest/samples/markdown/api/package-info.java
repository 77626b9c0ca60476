/** What markdown exports. */
@NullMarked
package dev.modunest.samples.markdown.api;

import org.jspecify.annotations.NullMarked;
