package dev.modunest.server.account;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.AuditEntry;
import dev.modunest.db.Database;
import dev.modunest.db.TokenRecord;
import dev.modunest.server.auth.ApiToken;
import dev.modunest.server.body.JsonBody;
import dev.modunest.server.problem.RequestId;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code POST /api/v1/leaked-tokens}: whoever found API tokens in public reports them, and they are
 * revoked at once. Needs no credential: who has a token could do worse with it. The answer tells
 * how many were revoked and not which.
 */
public final class LeakedTokensEndpoint {

    private static final int MAX_TOKENS = 100;
    private static final int MAX_URL = 1000;

    private final Database database;
    private final InstantSource clock;

    public LeakedTokensEndpoint(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    public void post(ServerRequest request, ServerResponse response) {
        JsonBody body =
                JsonBody.read(request, AccountEndpoint.MAX_BODY, Set.of("tokens", "found_at"));
        Optional<String> found = body.findText("found_at", MAX_URL);
        List<ApiToken> tokens =
                body.texts("tokens", MAX_TOKENS).stream()
                        .flatMap(text -> ApiToken.tryParse(text).stream())
                        .toList();
        long revoked = tokens.stream().filter(token -> revoke(token, found)).count();
        AccountEndpoint.send(
                request, response, JsonNodeFactory.instance.objectNode().put("revoked", revoked));
    }

    private boolean revoke(ApiToken token, Optional<String> found) {
        return database.inTransaction(
                tx -> {
                    Optional<TokenRecord> known = tx.tokens().find(token.sha256Hex());
                    Instant now = clock.instant();
                    if (known.isEmpty()
                            || !tx.tokens()
                                    .revoke(
                                            known.get().account().id(),
                                            known.get().id(),
                                            "found in public",
                                            now)) {
                        return false;
                    }
                    ObjectNode detail = JsonNodeFactory.instance.objectNode();
                    found.ifPresent(place -> detail.put("found_at", place));
                    tx.accessChanged();
                    tx.audit()
                            .append(
                                    new AuditEntry(
                                            now,
                                            known.get().account(),
                                            "token.leaked",
                                            "token " + known.get().id(),
                                            Optional.of("found in public"),
                                            Optional.of(RequestId.current()),
                                            detail.toString()));
                    return true;
                });
    }
}
