@NullMarked
package dev.modunest.format.trust.der;

import org.jspecify.annotations.NullMarked;
