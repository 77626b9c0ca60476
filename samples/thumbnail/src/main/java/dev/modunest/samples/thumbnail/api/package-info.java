/** What thumbnail exports. */
@NullMarked
package dev.modunest.samples.thumbnail.api;

import org.jspecify.annotations.NullMarked;
