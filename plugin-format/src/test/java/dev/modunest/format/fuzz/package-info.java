/** Fuzz targets: every parser of foreign bytes with what must hold of whatever it reads. */
@NullMarked
package dev.modunest.format.fuzz;

import org.jspecify.annotations.NullMarked;
