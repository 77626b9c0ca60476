/** The command line, as picocli classes that another command line can mount. */
@NullMarked
package dev.modunest.loader.cli;

import org.jspecify.annotations.NullMarked;
