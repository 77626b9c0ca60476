/** The html-clean plugin: a sanitiser on jsoup. */
@NullMarked
package dev.modunest.samples.htmlclean;

import org.jspecify.annotations.NullMarked;
