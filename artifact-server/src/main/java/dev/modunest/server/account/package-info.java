/** What accounts do with their own: tokens, sessions, passwords; and what administrators do. */
@NullMarked
package dev.modunest.server.account;

import org.jspecify.annotations.NullMarked;
