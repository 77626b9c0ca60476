package dev.modunest.server.token;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A successful answer of the token endpoint (RFC 6749, 5.1).
 *
 * @param refreshToken for sessions that outlast the access token
 * @param issuedType where the grant is an exchange, {@code issued_token_type} (RFC 8693, 2.2.1)
 */
public record IssuedToken(
        String accessToken,
        Duration expiresIn,
        List<String> scopes,
        Optional<String> refreshToken,
        Optional<String> issuedType) {

    public IssuedToken {
        scopes = List.copyOf(scopes);
    }

    @Override
    public String toString() {
        return "IssuedToken[****]";
    }
}
