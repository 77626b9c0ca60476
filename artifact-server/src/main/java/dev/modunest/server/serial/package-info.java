/** How far this server has followed the changes of the index, and the caches that depend on it. */
@NullMarked
package dev.modunest.server.serial;

import org.jspecify.annotations.NullMarked;
