/** Accounts and their tokens. */
@NullMarked
package dev.modunest.server.auth;

import org.jspecify.annotations.NullMarked;
