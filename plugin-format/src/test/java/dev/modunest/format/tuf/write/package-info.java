@NullMarked
package dev.modunest.format.tuf.write;

import org.jspecify.annotations.NullMarked;
