@NullMarked
package dev.modunest.format.trust.x509;

import org.jspecify.annotations.NullMarked;
