/** What a load looked like: metrics, a timeline, and events of the flight recorder. */
@NullMarked
package dev.modunest.loader.observe;

import org.jspecify.annotations.NullMarked;
