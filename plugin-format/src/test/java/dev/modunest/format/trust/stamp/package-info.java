@NullMarked
package dev.modunest.format.trust.stamp;

import org.jspecify.annotations.NullMarked;
