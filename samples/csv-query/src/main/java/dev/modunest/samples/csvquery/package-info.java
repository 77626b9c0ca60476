/** The csv-query plugin: a small query language over CSV on Apache Commons CSV. */
@NullMarked
package dev.modunest.samples.csvquery;

import org.jspecify.annotations.NullMarked;
