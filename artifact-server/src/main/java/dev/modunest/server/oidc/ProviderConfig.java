package dev.modunest.server.oidc;

import dev.modunest.settings.Default;
import dev.modunest.settings.Secret;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An OpenID provider at which people sign in, under a name in {@link OidcConfig}.
 *
 * @param issuer exactly as the provider writes it, with or without a slash at the end
 * @param clientId that the provider gave this registry
 * @param clientSecret that belongs to it
 * @param scopes separated by spaces; {@code openid} is one of them
 * @param displayName what people read on the button; absent: the name
 * @param audiences further audiences that an ID token may have beside {@code client_id}
 * @param organizationClaim claim of the ID token, a text or a list of texts, whose values are
 *     organizations that the provider vouches for, so that they verify namespaces
 */
public record ProviderConfig(
        URI issuer,
        String clientId,
        Secret clientSecret,
        @Default("openid email profile") String scopes,
        Optional<String> displayName,
        List<String> audiences,
        Optional<String> organizationClaim) {

    public ProviderConfig {
        SecureUris.requireIssuer(issuer);
        if (clientId.isBlank() || clientSecret.value().isBlank()) {
            throw new IllegalArgumentException("client_id and client_secret are not blank");
        }
        if (!Set.of(scopes.split(" ", -1)).contains("openid")) {
            throw new IllegalArgumentException(
                    "scopes contain openid, separated by single spaces, not '" + scopes + "'");
        }
        audiences = List.copyOf(audiences);
    }
}
