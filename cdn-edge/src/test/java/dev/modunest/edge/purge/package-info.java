@NullMarked
package dev.modunest.edge.purge;

import org.jspecify.annotations.NullMarked;
