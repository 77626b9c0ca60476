/** What site-search exports. */
@NullMarked
package dev.modunest.samples.sitesearch.api;

import org.jspecify.annotations.NullMarked;
