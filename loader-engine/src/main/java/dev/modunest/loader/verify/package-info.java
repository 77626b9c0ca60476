/** Decides whether fetched bytes are what the plan names; the only way to a class loader. */
@NullMarked
package dev.modunest.loader.verify;

import org.jspecify.annotations.NullMarked;
