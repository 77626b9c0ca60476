/** What html-clean exports. */
@NullMarked
package dev.modunest.samples.htmlclean.api;

import org.jspecify.annotations.NullMarked;
