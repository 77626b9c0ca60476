@NullMarked
package dev.modunest.loader.observe;

import org.jspecify.annotations.NullMarked;
