/**
 * Everything in one process on embedded Postgres and embedded S3, and the {@code modunest} command.
 */
@NullMarked
package dev.modunest.standalone;

import org.jspecify.annotations.NullMarked;
