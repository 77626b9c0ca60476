package dev.modunest.server.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.server.admission.Parties;
import dev.modunest.server.token.IssuedToken;
import dev.modunest.server.token.OAuthException;
import dev.modunest.server.token.TokenGrant;
import dev.modunest.server.token.TokenRequest;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** {@code POST /oauth/token} (RFC 6749, 3.2): asks the grant of the type for a token. */
final class TokenEndpoint {

    private final List<TokenGrant> grants;
    private final Parties parties;
    private final OAuthAnswers answers;

    TokenEndpoint(List<TokenGrant> grants, Parties parties, OAuthAnswers answers) {
        this.grants = List.copyOf(grants);
        this.parties = parties;
        this.answers = answers;
    }

    void post(ServerRequest request, ServerResponse response) {
        answers.send(request, response, () -> document(issue(request)));
    }

    /** What {@code grant_type} may be. */
    Set<String> types() {
        return grants.stream().map(TokenGrant::type).collect(Collectors.toCollection(TreeSet::new));
    }

    private IssuedToken issue(ServerRequest request) {
        TokenRequest asked = new TokenRequest(FormBody.read(request), parties.addressText(request));
        String type = asked.require("grant_type");
        List<TokenGrant> ofType =
                grants.stream().filter(grant -> grant.type().equals(type)).toList();
        if (ofType.isEmpty()) {
            throw new OAuthException(
                    400,
                    "unsupported_grant_type",
                    "the grant types here are " + String.join(", ", types()));
        }
        return ofType.stream()
                .filter(grant -> grant.takes(asked))
                .findFirst()
                .orElseThrow(
                        () ->
                                OAuthException.invalidRequest(
                                        "subject_token_type is missing, or none that is exchanged here"))
                .issue(asked);
    }

    private static JsonNode document(IssuedToken issued) {
        ObjectNode document =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("access_token", issued.accessToken())
                        .put("token_type", "Bearer")
                        .put("expires_in", issued.expiresIn().toSeconds())
                        .put("scope", String.join(" ", issued.scopes()));
        issued.issuedType().ifPresent(type -> document.put("issued_token_type", type));
        issued.refreshToken().ifPresent(token -> document.put("refresh_token", token));
        return document;
    }
}
