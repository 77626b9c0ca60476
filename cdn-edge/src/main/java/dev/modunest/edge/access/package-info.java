/** Who may have private artifacts, decided without asking the origin. */
@NullMarked
package dev.modunest.edge.access;

import org.jspecify.annotations.NullMarked;
