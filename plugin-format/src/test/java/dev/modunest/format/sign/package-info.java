@NullMarked
package dev.modunest.format.sign;

import org.jspecify.annotations.NullMarked;
