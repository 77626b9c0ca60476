package dev.modunest.server.oidc;

import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * Whose tokens are accepted and for whom.
 *
 * @param issuer of the token, from the settings or an administrator
 * @param audience that the token has
 * @param otherAudiences that it may have besides; any other makes it refused
 * @param party that {@code azp} names, when it is there; absent: {@code azp} says nothing
 * @param nonce that the token has; absent: not looked at
 */
public record TokenRules(
        URI issuer,
        String audience,
        Set<String> otherAudiences,
        Optional<String> party,
        Optional<String> nonce) {

    public TokenRules {
        if (audience.isBlank()) {
            throw new IllegalArgumentException("audience is not blank");
        }
        otherAudiences = Set.copyOf(otherAudiences);
    }

    /** Those of a token that its bearer got elsewhere than in a sign-in here: of a CI provider. */
    public static TokenRules bearer(URI issuer, String audience) {
        return new TokenRules(issuer, audience, Set.of(), Optional.empty(), Optional.empty());
    }

    /** Those of an ID token of a sign-in (OpenID Connect Core 1.0, section 3.1.3.7). */
    static TokenRules signIn(ProviderConfig provider, String nonce) {
        return new TokenRules(
                provider.issuer(),
                provider.clientId(),
                Set.copyOf(provider.audiences()),
                Optional.of(provider.clientId()),
                Optional.of(nonce));
    }
}
