/** The origin: its process, its composition root, its routes. */
@NullMarked
package dev.modunest.server;

import org.jspecify.annotations.NullMarked;
