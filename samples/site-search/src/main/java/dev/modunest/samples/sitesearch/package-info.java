/** The site-search plugin: Markdown pages rendered and searched. */
@NullMarked
package dev.modunest.samples.sitesearch;

import org.jspecify.annotations.NullMarked;
