package dev.modunest.loader;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * An end user, as a verified access token names them. Only {@link
 * PluginAuthService#authenticateUser} makes one that the service accepts: another implementation is
 * granted nothing. Immutable.
 */
public interface UserIdentity {

    /** The issuer that vouches for the user: its {@code iss}, exactly. */
    String issuer();

    /** Who it is at the issuer: {@code account:alice}, {@code host:<uuid>}. */
    String subject();

    /** The program that the token was issued to. */
    String clientId();

    /** The token's {@code jti}, to tell tokens apart in a log. */
    String tokenId();

    /** The session at the issuer that the token belongs to. */
    Optional<String> session();

    /** The words of the token's {@code scope}, also those that are no scope of Modu-Nest. */
    Set<String> scopes();

    /** The token's {@code exp}. */
    Instant expires();
}
