@NullMarked
package dev.modunest.format.trust;

import org.jspecify.annotations.NullMarked;
