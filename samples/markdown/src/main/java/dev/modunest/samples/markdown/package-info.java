/** The markdown plugin: Markdown to clean HTML on commonmark-java. */
@NullMarked
package dev.modunest.samples.markdown;

import org.jspecify.annotations.NullMarked;
