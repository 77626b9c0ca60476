@NullMarked
package dev.modunest.loader.trust;

import org.jspecify.annotations.NullMarked;
