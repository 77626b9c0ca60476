@NullMarked
package dev.modunest.format.tuf;

import org.jspecify.annotations.NullMarked;
