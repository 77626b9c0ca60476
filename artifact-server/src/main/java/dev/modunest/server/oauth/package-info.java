/** The endpoints of an OAuth authorization server. */
@NullMarked
package dev.modunest.server.oauth;

import org.jspecify.annotations.NullMarked;
