/** One class loader for each plugin, wired by exported packages. */
@NullMarked
package dev.modunest.loader.isolate;

import org.jspecify.annotations.NullMarked;
