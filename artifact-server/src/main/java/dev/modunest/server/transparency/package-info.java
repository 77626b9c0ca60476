/** The transparency log: its writer, its head, and the files by which others check it. */
@NullMarked
package dev.modunest.server.transparency;

import org.jspecify.annotations.NullMarked;
