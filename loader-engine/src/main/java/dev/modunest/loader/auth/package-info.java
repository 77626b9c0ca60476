/** Identity on a host: verifies users' tokens, shares their state, proves who the host is. */
@NullMarked
package dev.modunest.loader.auth;

import org.jspecify.annotations.NullMarked;
