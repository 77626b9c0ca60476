/** What origin and edge tell of themselves in the same way: metrics, traces, log lines. */
@NullMarked
package dev.modunest.telemetry;

import org.jspecify.annotations.NullMarked;
