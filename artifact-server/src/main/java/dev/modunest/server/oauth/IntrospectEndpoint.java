package dev.modunest.server.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Database;
import dev.modunest.server.auth.Action;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.auth.Principal;
import dev.modunest.server.auth.Resource;
import dev.modunest.server.token.AccessClaims;
import dev.modunest.server.token.AccessTokens;
import dev.modunest.server.token.OAuthException;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * {@code POST /oauth/introspect} (RFC 7662): what a token is worth. Accounts ask about their own,
 * administrators about all, hosts about their own and about those of users of plugin endpoints; to
 * others every token is inactive (4).
 */
final class IntrospectEndpoint {

    private final AccessTokens tokens;
    private final PluginAuthService auth;
    private final Database database;
    private final OAuthAnswers answers;
    private final InstantSource clock;

    IntrospectEndpoint(
            AccessTokens tokens,
            PluginAuthService auth,
            Database database,
            OAuthAnswers answers,
            InstantSource clock) {
        this.tokens = tokens;
        this.auth = auth;
        this.database = database;
        this.answers = answers;
        this.clock = clock;
    }

    void post(ServerRequest request, ServerResponse response) {
        answers.send(
                request,
                response,
                () -> {
                    Principal caller = requireCaller(Caller.of(request));
                    String token =
                            Optional.ofNullable(FormBody.read(request).get("token"))
                                    .orElseThrow(
                                            () ->
                                                    OAuthException.invalidRequest(
                                                            "token is missing; send it"));
                    return document(caller, token);
                });
    }

    private Principal requireCaller(Principal caller) {
        return switch (caller) {
            case Principal.Host host -> host;
            case Principal.Developer developer
                    when auth.authorize(developer, new Resource.Self(), Action.ACCOUNT_READ)
                            .allowed() ->
                    developer;
            case Principal.Developer _ ->
                    throw new OAuthException(
                            403,
                            "insufficient_scope",
                            "the credential needs the scope account.read:*");
            case Principal.Anonymous _, Principal.EndUser _, Principal.Edge _ ->
                    throw new OAuthException(
                            401,
                            "invalid_token",
                            "accounts and hosts ask here; send Authorization: Bearer with a token of one");
        };
    }

    private JsonNode document(Principal caller, String text) {
        Instant now = clock.instant();
        return database.read(tx -> SentToken.find(tx, tokens, text, now))
                .filter(token -> mayKnow(caller, token))
                .map(this::active)
                .orElseGet(() -> JsonNodeFactory.instance.objectNode().put("active", false));
    }

    private boolean mayKnow(Principal caller, SentToken token) {
        return switch (caller) {
            case Principal.Developer developer ->
                    developer.account().administrator()
                            || owner(token)
                                    .filter(id -> id == developer.account().id())
                                    .isPresent();
            case Principal.Host host ->
                    switch (token) {
                        case SentToken.OfHost(_, var id) -> id.equals(host.id());
                        case SentToken.OfSession(var claims, _) ->
                                !claims.audience().contains(tokens.audience());
                        case SentToken.OfApi _, SentToken.OfRefresh _ -> false;
                    };
            case Principal.Anonymous _, Principal.EndUser _, Principal.Edge _ -> false;
        };
    }

    private static Optional<Long> owner(SentToken token) {
        return switch (token) {
            case SentToken.OfApi(var api) -> Optional.of(api.account().id());
            case SentToken.OfRefresh(var session) -> Optional.of(session.accountId());
            case SentToken.OfSession(_, var session) -> Optional.of(session.accountId());
            case SentToken.OfHost _ -> Optional.empty();
        };
    }

    private ObjectNode active(SentToken token) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("active", true);
        switch (token) {
            case SentToken.OfApi(var api) -> {
                document.put("token_type", "Bearer")
                        .put("sub", "account:" + api.account().name())
                        .put("username", api.account().name())
                        .put("scope", String.join(" ", api.scopes()))
                        .put("iat", api.createdAt().getEpochSecond());
                api.expiresAt().ifPresent(at -> document.put("exp", at.getEpochSecond()));
            }
            case SentToken.OfRefresh(var session) ->
                    document.put("token_type", "refresh_token")
                            .put("sub", "account:" + session.account())
                            .put("username", session.account())
                            .put("client_id", session.client())
                            .put("scope", String.join(" ", session.scopes()))
                            .put("exp", session.expiresAt().getEpochSecond());
            case SentToken.OfSession(var claims, var session) -> {
                claims(document, claims);
                document.put("username", session.account()).put("sid", session.id().toString());
            }
            case SentToken.OfHost(var claims, _) -> claims(document, claims);
        }
        return document.put("iss", tokens.issuer().toString());
    }

    private static void claims(ObjectNode document, AccessClaims claims) {
        document.put("token_type", "Bearer")
                .put("sub", claims.subject())
                .put("client_id", claims.clientId())
                .put("scope", String.join(" ", claims.scopes()))
                .put("exp", claims.expiresAt().getEpochSecond());
        ArrayNode audience = document.putArray("aud");
        claims.audience().forEach(audience::add);
        claims.authenticatedAt().ifPresent(at -> document.put("auth_time", at.getEpochSecond()));
    }
}
