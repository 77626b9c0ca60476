/** The edge's administration, on a port of its own. */
@NullMarked
package dev.modunest.edge.admin;

import org.jspecify.annotations.NullMarked;
