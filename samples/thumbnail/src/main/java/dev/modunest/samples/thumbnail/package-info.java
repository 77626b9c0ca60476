/** The thumbnail plugin: small pictures of large ones on Thumbnailator. */
@NullMarked
package dev.modunest.samples.thumbnail;

import org.jspecify.annotations.NullMarked;
