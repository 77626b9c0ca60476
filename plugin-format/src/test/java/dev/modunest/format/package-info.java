@NullMarked
package dev.modunest.format;

import org.jspecify.annotations.NullMarked;
