/** Trusted publishing: CI jobs publish by the ID token that their provider gives them. */
@NullMarked
package dev.modunest.server.trusted;

import org.jspecify.annotations.NullMarked;
