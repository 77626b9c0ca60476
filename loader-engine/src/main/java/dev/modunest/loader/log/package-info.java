/** The logger of the loader. */
@NullMarked
package dev.modunest.loader.log;

import org.jspecify.annotations.NullMarked;
