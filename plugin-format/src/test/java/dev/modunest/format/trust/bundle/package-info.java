@NullMarked
package dev.modunest.format.trust.bundle;

import org.jspecify.annotations.NullMarked;
