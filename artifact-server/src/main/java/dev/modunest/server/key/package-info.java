/** Where private keys are kept, and their use without their leaving it. */
@NullMarked
package dev.modunest.server.key;

import org.jspecify.annotations.NullMarked;
