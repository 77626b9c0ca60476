/** The size of the index as metrics. */
@NullMarked
package dev.modunest.server.statistics;

import org.jspecify.annotations.NullMarked;
