package dev.modunest.server.oauth;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.server.problem.Answers;
import dev.modunest.server.token.AccessTokens;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** {@code GET /.well-known/oauth-authorization-server} (RFC 8414). */
final class MetadataEndpoint {

    private final AccessTokens tokens;
    private final Set<String> grantTypes;

    MetadataEndpoint(AccessTokens tokens, Set<String> grantTypes) {
        this.tokens = tokens;
        this.grantTypes = grantTypes;
    }

    void get(ServerRequest request, ServerResponse response) {
        response.header(HeaderNames.CACHE_CONTROL, "public, max-age=300");
        Answers.send(
                request,
                response,
                "application/json",
                document().toString().getBytes(StandardCharsets.UTF_8));
    }

    private ObjectNode document() {
        String issuer = tokens.issuer().toString();
        ObjectNode document =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("issuer", issuer)
                        .put("token_endpoint", tokens.tokenEndpoint().toString())
                        .put("jwks_uri", issuer + "/.well-known/jwks.json")
                        .put("revocation_endpoint", issuer + "/oauth/revoke")
                        .put("introspection_endpoint", issuer + "/oauth/introspect");
        if (grantTypes.contains("urn:ietf:params:oauth:grant-type:device_code")) {
            document.put("device_authorization_endpoint", issuer + "/oauth/device_authorization");
        }
        // Required, and empty without an authorization endpoint.
        document.putArray("response_types_supported");
        add(document, "grant_types_supported", grantTypes);
        add(document, "token_endpoint_auth_methods_supported", List.of("none", "private_key_jwt"));
        add(
                document,
                "token_endpoint_auth_signing_alg_values_supported",
                List.of("EdDSA", "ES256"));
        add(document, "revocation_endpoint_auth_methods_supported", List.of("none"));
        add(document, "introspection_endpoint_auth_methods_supported", List.of("Bearer"));
        return document;
    }

    private static void add(ObjectNode document, String name, Iterable<String> values) {
        ArrayNode array = document.putArray(name);
        values.forEach(array::add);
    }
}
