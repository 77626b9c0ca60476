/** What is counted and timed. */
@NullMarked
package dev.modunest.server.metrics;

import org.jspecify.annotations.NullMarked;
