package dev.modunest.server.signin;

import dev.modunest.db.Account;
import dev.modunest.db.AuditEntry;
import dev.modunest.db.Database;
import dev.modunest.db.Transaction;
import dev.modunest.db.identity.SessionFacts;
import dev.modunest.db.identity.SessionStore;
import dev.modunest.server.auth.ApiToken;
import dev.modunest.server.problem.RequestId;
import dev.modunest.server.token.IssuedToken;
import dev.modunest.server.token.OAuthException;
import dev.modunest.server.token.TokenGrant;
import dev.modunest.server.token.TokenRequest;

import java.util.Optional;

/**
 * Goes on with a session by its refresh token (RFC 6749, 6). Each is used once; a second use ends
 * the session, since one of its two users stole it (RFC 9700, 4.14.2).
 */
final class RefreshTokenGrant implements TokenGrant {

    private final Database database;
    private final Sessions sessions;

    RefreshTokenGrant(Database database, Sessions sessions) {
        this.database = database;
        this.sessions = sessions;
    }

    @Override
    public String type() {
        return "refresh_token";
    }

    @Override
    public IssuedToken issue(TokenRequest request) {
        Optional<ApiToken> token =
                ApiToken.tryParse(ApiToken.Kind.REFRESH, request.require("refresh_token"));
        return token.flatMap(
                        sent ->
                                database.<Optional<IssuedToken>>inTransaction(
                                        tx -> use(tx, sent.sha256Hex())))
                .orElseThrow(
                        () ->
                                OAuthException.invalidGrant(
                                                "the refresh token is unknown, used, or of a session that is over; sign in again")
                                        .about("a refresh token"));
    }

    /** Committed also where it refuses: the end of a session whose token was stolen. */
    private Optional<IssuedToken> use(Transaction tx, String sha256) {
        SessionStore.Refreshed refreshed = tx.sessions().useRefreshToken(sha256, sessions.now());
        Optional<SessionFacts> open =
                refreshed.session().filter(session -> session.isOpen(sessions.now()));
        if (open.isEmpty()) {
            return Optional.empty();
        }
        if (refreshed.outcome() == SessionStore.Refresh.TAKEN) {
            return Optional.of(sessions.refresh(tx, open.get()));
        }
        endStolen(tx, open.get());
        return Optional.empty();
    }

    private void endStolen(Transaction tx, SessionFacts session) {
        boolean _ =
                tx.sessions()
                        .revoke(session.id(), "a refresh token was used twice", sessions.now());
        tx.accessChanged();
        tx.audit()
                .append(
                        new AuditEntry(
                                sessions.now(),
                                new Account(
                                        session.accountId(),
                                        session.account(),
                                        session.administrator()),
                                "session.stolen",
                                session.id().toString(),
                                Optional.of("a refresh token was used twice"),
                                Optional.of(RequestId.current())));
    }
}
