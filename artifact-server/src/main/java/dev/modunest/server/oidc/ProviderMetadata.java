package dev.modunest.server.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.server.oidc.OidcException.Reason;

import java.net.URI;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a discovery document says (OpenID Connect Discovery 1.0, section 3). Issuers of CI tokens
 * have keys alone.
 *
 * @param tokenAuthMethods how the token endpoint wants to know the client
 * @param sendsIssuer whether each authorization response names the issuer (RFC 9207)
 */
record ProviderMetadata(
        URI issuer,
        URI jwksUri,
        Optional<URI> authorizationEndpoint,
        Optional<URI> tokenEndpoint,
        Set<String> tokenAuthMethods,
        boolean sendsIssuer) {

    static ProviderMetadata read(ObjectNode document, URI issuer) {
        String stated = document.path("issuer").asText("");
        if (!stated.equals(issuer.toString())) {
            throw new OidcException(
                    Reason.PROVIDER_ISSUER_DIFFERS,
                    "the discovery document of "
                            + issuer
                            + " is that of another issuer; write the issuer exactly as the provider does");
        }
        return new ProviderMetadata(
                issuer,
                endpoint(document, "jwks_uri", issuer)
                        .orElseThrow(() -> invalid(issuer, "has no jwks_uri")),
                endpoint(document, "authorization_endpoint", issuer),
                endpoint(document, "token_endpoint", issuer),
                methods(document),
                document.path("authorization_response_iss_parameter_supported").asBoolean(false));
    }

    private static Optional<URI> endpoint(ObjectNode document, String key, URI issuer) {
        JsonNode text = document.path(key);
        if (text.isMissingNode() || text.isNull()) {
            return Optional.empty();
        }
        try {
            URI endpoint = URI.create(text.asText());
            if (SecureUris.isEndpoint(endpoint, issuer)) {
                return Optional.of(endpoint);
            }
        } catch (IllegalArgumentException malformed) {
            throw invalid(issuer, "has a " + key + " that is no URI");
        }
        throw invalid(issuer, "has a " + key + " that is not https");
    }

    /** client_secret_basic where the document says nothing. */
    private static Set<String> methods(ObjectNode document) {
        JsonNode listed = document.path("token_endpoint_auth_methods_supported");
        if (!listed.isArray()) {
            return Set.of("client_secret_basic");
        }
        Set<String> methods = new HashSet<>();
        listed.forEach(method -> methods.add(method.asText()));
        return Set.copyOf(methods);
    }

    private static OidcException invalid(URI issuer, String what) {
        return new OidcException(
                Reason.PROVIDER_ANSWER_INVALID, "the discovery document of " + issuer + " " + what);
    }
}
