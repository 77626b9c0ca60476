package dev.modunest.server.oauth;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.modunest.db.Account;
import dev.modunest.db.AuditEntry;
import dev.modunest.db.Database;
import dev.modunest.db.Transaction;
import dev.modunest.db.identity.SessionFacts;
import dev.modunest.server.admission.Parties;
import dev.modunest.server.problem.RequestId;
import dev.modunest.server.token.AccessTokens;
import dev.modunest.server.token.OAuthException;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * {@code POST /oauth/revoke} (RFC 7009): whoever holds a token ends it, and with it its session.
 * What does not work is no error (2.2).
 */
final class RevokeEndpoint {

    private static final String REASON = "revoked by who holds the token";

    private final AccessTokens tokens;
    private final Database database;
    private final Parties parties;
    private final OAuthAnswers answers;
    private final InstantSource clock;

    RevokeEndpoint(
            AccessTokens tokens,
            Database database,
            Parties parties,
            OAuthAnswers answers,
            InstantSource clock) {
        this.tokens = tokens;
        this.database = database;
        this.parties = parties;
        this.answers = answers;
        this.clock = clock;
    }

    void post(ServerRequest request, ServerResponse response) {
        answers.send(
                request,
                response,
                () -> {
                    String text =
                            Optional.ofNullable(FormBody.read(request).get("token"))
                                    .orElseThrow(
                                            () ->
                                                    OAuthException.invalidRequest(
                                                            "token is missing; send it"));
                    String address = parties.addressText(request);
                    database.<Boolean>inTransaction(tx -> revoke(tx, text, address));
                    return JsonNodeFactory.instance.objectNode();
                });
    }

    private boolean revoke(Transaction tx, String text, String address) {
        Instant now = clock.instant();
        return SentToken.find(tx, tokens, text, now)
                .filter(token -> revoke(tx, token, address, now))
                .isPresent();
    }

    private boolean revoke(Transaction tx, SentToken token, String address, Instant now) {
        return switch (token) {
            case SentToken.OfApi(var api) -> {
                tx.tokens().revoke(api.account().id(), api.id(), REASON, now);
                keep(tx, api.account(), "token.revoked", "token " + api.id(), address, now);
                yield true;
            }
            case SentToken.OfRefresh(var session) -> end(tx, session, address, now);
            case SentToken.OfSession(var claims, var session)
                    when claims.audience().contains(tokens.audience()) ->
                    end(tx, session, address, now);
            // Who serves a plugin endpoint holds such tokens, and must not end their users'
            // sessions.
            case SentToken.OfSession _ ->
                    throw new OAuthException(
                            400,
                            "unsupported_token_type",
                            "the token is for other endpoints and ends with the session that it is of; revoke that");
            case SentToken.OfHost _ ->
                    throw new OAuthException(
                            400,
                            "unsupported_token_type",
                            "a token of a host ends by itself; DELETE /api/v1/hosts/<host> ends all of a host at once");
        };
    }

    private boolean end(Transaction tx, SessionFacts session, String address, Instant now) {
        tx.sessions().revoke(session.id(), REASON, now);
        keep(
                tx,
                new Account(session.accountId(), session.account(), session.administrator()),
                "session.revoked",
                "session " + session.id(),
                address,
                now);
        return true;
    }

    private static void keep(
            Transaction tx,
            Account account,
            String action,
            String subject,
            String address,
            Instant now) {
        tx.accessChanged();
        tx.audit()
                .append(
                        new AuditEntry(
                                        now,
                                        account,
                                        action,
                                        subject,
                                        Optional.of(REASON),
                                        Optional.of(RequestId.current()))
                                .withAddress(address));
    }
}
