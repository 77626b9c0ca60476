/**
 * OpenID Connect relying party: discovery, code flow with PKCE, and the check of ID tokens, for
 * sign-in and for the tokens of CI providers.
 */
@NullMarked
package dev.modunest.server.oidc;

import org.jspecify.annotations.NullMarked;
