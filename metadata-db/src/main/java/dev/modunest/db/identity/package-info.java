/** Who acts and what they may do, as the index keeps it; reached through a transaction. */
@NullMarked
package dev.modunest.db.identity;

import org.jspecify.annotations.NullMarked;
