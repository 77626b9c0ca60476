@NullMarked
package dev.modunest.format.resolve;

import org.jspecify.annotations.NullMarked;
