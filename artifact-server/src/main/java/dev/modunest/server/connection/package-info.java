/** Bounds on connections that the web server does not set itself. */
@NullMarked
package dev.modunest.server.connection;

import org.jspecify.annotations.NullMarked;
