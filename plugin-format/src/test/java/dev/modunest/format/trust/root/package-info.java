@NullMarked
package dev.modunest.format.trust.root;

import org.jspecify.annotations.NullMarked;
