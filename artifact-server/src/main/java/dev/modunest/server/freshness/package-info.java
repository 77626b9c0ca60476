/** The repository of The Update Framework at {@code /tuf/}: its writer and its files. */
@NullMarked
package dev.modunest.server.freshness;

import org.jspecify.annotations.NullMarked;
