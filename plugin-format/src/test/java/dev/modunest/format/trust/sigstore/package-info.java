@NullMarked
package dev.modunest.format.trust.sigstore;

import org.jspecify.annotations.NullMarked;
