/** The Postgres index. SQL stands beside its use; connections never leave this package. */
@NullMarked
package dev.modunest.db;

import org.jspecify.annotations.NullMarked;
