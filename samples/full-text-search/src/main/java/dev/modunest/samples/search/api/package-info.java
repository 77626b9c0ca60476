/** What full-text-search exports. */
@NullMarked
package dev.modunest.samples.search.api;

import org.jspecify.annotations.NullMarked;
