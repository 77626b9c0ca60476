@NullMarked
package dev.modunest.format.log;

import org.jspecify.annotations.NullMarked;
