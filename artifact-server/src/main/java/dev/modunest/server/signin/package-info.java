/** How people sign in: with a browser here or at a provider, and devices through a browser. */
@NullMarked
package dev.modunest.server.signin;

import org.jspecify.annotations.NullMarked;
