package dev.modunest.server.account;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.AuditEntry;
import dev.modunest.db.Database;
import dev.modunest.db.TokenRecord;
import dev.modunest.server.auth.ApiToken;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.auth.Principal;
import dev.modunest.server.auth.Scope;
import dev.modunest.server.body.JsonBody;
import dev.modunest.server.idempotency.Answer;
import dev.modunest.server.idempotency.Mutation;
import dev.modunest.server.idempotency.Mutations;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.problem.RequestId;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /api/v1/account/tokens}: API tokens for scripts and build servers. */
public final class TokensEndpoint {

    private static final int MAX_SCOPES = 50;
    private static final int MAX_LABEL = 100;

    private final AccountConfig config;
    private final Database database;
    private final Mutations mutations;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    public TokensEndpoint(
            AccountConfig config, Database database, Mutations mutations, InstantSource clock) {
        this.config = config;
        this.database = database;
        this.mutations = mutations;
        this.clock = clock;
    }

    /** {@code GET /api/v1/account/tokens?all=}. */
    public void list(ServerRequest request, ServerResponse response) {
        long account = Caller.account(request).id();
        boolean all = request.query().first("all").asOptional().filter("true"::equals).isPresent();
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode tokens = document.putArray("tokens");
        database.read(tx -> tx.tokens().list(account, all, config.maxTokens() * 2))
                .forEach(token -> tokens.add(document(token)));
        AccountEndpoint.send(request, response, document);
    }

    private static ObjectNode document(TokenRecord token) {
        ObjectNode document =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("id", token.id())
                        .put("label", token.label())
                        .put("created_at", token.createdAt().toString());
        ArrayNode scopes = document.putArray("scopes");
        token.scopes().forEach(scopes::add);
        token.expiresAt().ifPresent(at -> document.put("expires_at", at.toString()));
        token.lastUsedAt().ifPresent(at -> document.put("last_used_at", at.toString()));
        token.revokedAt().ifPresent(at -> document.put("revoked_at", at.toString()));
        token.revokedReason().ifPresent(reason -> document.put("revoked_reason", reason));
        return document;
    }

    /**
     * {@code POST /api/v1/account/tokens}. The text of the token is told once, so that an answer
     * that is lost is lost: a retry makes another token.
     */
    public void create(ServerRequest request, ServerResponse response) {
        Principal.Developer caller = Caller.developer(request);
        JsonBody body =
                JsonBody.read(
                        request, AccountEndpoint.MAX_BODY, Set.of("label", "scopes", "expires_at"));
        String label = body.text("label", MAX_LABEL);
        List<Scope> scopes = scopes(body.texts("scopes", MAX_SCOPES), caller);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Optional<Instant> expires = body.findInstant("expires_at");
        expires.ifPresent(at -> requireExpiry(at, now));
        ApiToken token = ApiToken.create(random);
        ObjectNode document =
                database.inTransaction(
                        tx -> {
                            long account = caller.account().id();
                            if (tx.tokens().countActive(account, now) >= config.maxTokens()) {
                                throw tooMany();
                            }
                            List<String> texts = scopes.stream().map(Scope::toString).toList();
                            long id =
                                    tx.tokens()
                                            .insert(
                                                    account,
                                                    token.sha256Hex(),
                                                    label,
                                                    texts,
                                                    expires,
                                                    now);
                            tx.audit()
                                    .append(
                                            new AuditEntry(
                                                    now,
                                                    caller.account(),
                                                    "token.created",
                                                    "token " + id,
                                                    Optional.empty(),
                                                    Optional.of(RequestId.current()),
                                                    detail(label, texts, expires)));
                            return document(
                                    new TokenRecord(
                                            id,
                                            caller.account(),
                                            label,
                                            texts,
                                            now,
                                            expires,
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.empty()));
                        });
        document.put("token", token.text());
        response.status(201);
        AccountEndpoint.send(request, response, document);
    }

    private static String detail(String label, List<String> scopes, Optional<Instant> expires) {
        ObjectNode detail = JsonNodeFactory.instance.objectNode().put("label", label);
        scopes.forEach(detail.putArray("scopes")::add);
        expires.ifPresent(at -> detail.put("expires_at", at.toString()));
        return detail.toString();
    }

    /** Nobody makes a token that may do more than the credential that makes it. */
    private static List<Scope> scopes(List<String> texts, Principal.Developer caller) {
        List<Scope> scopes;
        try {
            scopes = Scope.parseAll(texts);
        } catch (IllegalArgumentException malformed) {
            throw invalid(String.valueOf(malformed.getMessage()));
        }
        for (Scope wanted : scopes) {
            if (caller.scopes().stream().noneMatch(own -> own.includes(wanted))) {
                throw new Rejection(
                        ProblemCode.SCOPE_INSUFFICIENT,
                        "A token with "
                                + wanted
                                + " could do more than your credential, which has "
                                + caller.scopes()
                                + "; ask for less, or sign in with ./modunest login");
            }
        }
        return scopes;
    }

    private void requireExpiry(Instant at, Instant now) {
        if (!at.isAfter(now) || at.isAfter(now.plus(config.maxTokenAge()))) {
            throw invalid(
                    "expires_at is after now and at most "
                            + config.maxTokenAge().toDays()
                            + " days away (account.max_token_age), not "
                            + at);
        }
    }

    private Rejection tooMany() {
        return new Rejection(
                ProblemCode.TOKENS_TOO_MANY,
                "The account has "
                        + config.maxTokens()
                        + " tokens that work, the most it may have (account.max_tokens); revoke one first");
    }

    private static Rejection invalid(String detail) {
        return JsonBody.invalid(detail);
    }

    /** {@code DELETE /api/v1/account/tokens/{token}}. */
    public void revoke(ServerRequest request, ServerResponse response) {
        Principal.Developer caller = Caller.developer(request);
        String text = request.path().pathParameters().get("token");
        long id = number(text);
        mutations
                .run(
                        Mutation.of(request, caller.account(), ""),
                        tx -> {
                            if (!tx.tokens()
                                    .revoke(
                                            caller.account().id(),
                                            id,
                                            "revoked by its account",
                                            clock.instant())) {
                                throw unknown(text);
                            }
                            tx.accessChanged();
                            tx.audit()
                                    .append(
                                            new AuditEntry(
                                                    clock.instant(),
                                                    caller.account(),
                                                    "token.revoked",
                                                    "token " + id,
                                                    Optional.empty(),
                                                    Optional.of(RequestId.current())));
                            return new Answer(200, Map.of(), "{\"revoked\":true}");
                        })
                .send(request, response);
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException malformed) {
            throw unknown(text);
        }
    }

    private static Rejection unknown(String id) {
        return new Rejection(
                ProblemCode.TOKEN_ABSENT,
                "This account has no token "
                        + id
                        + " that works; GET /api/v1/account/tokens lists those it has");
    }
}
