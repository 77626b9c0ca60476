/** Writes a repository of The Update Framework 1.0: documents, ceremonies, batches. No I/O. */
@NullMarked
package dev.modunest.format.tuf.write;

import org.jspecify.annotations.NullMarked;
