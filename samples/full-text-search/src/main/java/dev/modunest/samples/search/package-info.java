/** The full-text-search plugin: an index in memory on Apache Lucene. */
@NullMarked
package dev.modunest.samples.search;

import org.jspecify.annotations.NullMarked;
