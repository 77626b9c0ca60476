/** What every route demands of its caller, checked before its endpoint is called. */
@NullMarked
package dev.modunest.server.guard;

import org.jspecify.annotations.NullMarked;
