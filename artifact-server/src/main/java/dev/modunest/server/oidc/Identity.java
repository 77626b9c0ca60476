package dev.modunest.server.oidc;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Who signed in at a provider. Issuer and subject together name a person for good; nothing else
 * does (OpenID Connect Core 1.0, section 5.7).
 *
 * @param provider its name in the settings
 * @param email only when the provider says that it verified it
 * @param organizations values of the provider's {@code organization_claim}
 */
public record Identity(
        String provider,
        URI issuer,
        String subject,
        Optional<String> email,
        Optional<String> name,
        List<String> organizations,
        Claims claims) {

    public Identity {
        organizations = List.copyOf(organizations);
    }

    static Identity of(String provider, ProviderConfig config, VerifiedToken token) {
        Claims claims = token.claims();
        return new Identity(
                provider,
                token.issuer(),
                token.subject(),
                claims.text("email").filter(email -> claims.isTrue("email_verified")),
                claims.text("name"),
                config.organizationClaim().map(claims::texts).orElse(List.of()),
                claims);
    }
}
