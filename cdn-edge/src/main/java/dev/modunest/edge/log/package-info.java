/** What is written about each request. */
@NullMarked
package dev.modunest.edge.log;

import org.jspecify.annotations.NullMarked;
