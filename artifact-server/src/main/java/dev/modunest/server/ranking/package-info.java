/** Keeps what the order of search rests on up to date. */
@NullMarked
package dev.modunest.server.ranking;

import org.jspecify.annotations.NullMarked;
