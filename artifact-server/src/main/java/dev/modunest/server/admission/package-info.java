/** Overload control: permits for what costs memory or connections. */
@NullMarked
package dev.modunest.server.admission;

import org.jspecify.annotations.NullMarked;
