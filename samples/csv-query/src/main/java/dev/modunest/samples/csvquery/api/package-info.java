/** What csv-query exports. */
@NullMarked
package dev.modunest.samples.csvquery.api;

import org.jspecify.annotations.NullMarked;
