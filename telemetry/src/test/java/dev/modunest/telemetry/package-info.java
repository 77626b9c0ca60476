/** Tests, and what tests of other modules use: the table of metrics and a receiver of traces. */
@NullMarked
package dev.modunest.telemetry;

import org.jspecify.annotations.NullMarked;
