package dev.modunest.server.oauth;

import dev.modunest.db.TokenRecord;
import dev.modunest.db.Transaction;
import dev.modunest.db.identity.HostRecord;
import dev.modunest.db.identity.SessionFacts;
import dev.modunest.server.auth.ApiToken;
import dev.modunest.server.token.AccessClaims;
import dev.modunest.server.token.AccessTokens;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** What a token that somebody sends is, when it works. */
sealed interface SentToken {

    record OfApi(TokenRecord token) implements SentToken {}

    record OfRefresh(SessionFacts session) implements SentToken {}

    /** An access token of an account, for the registry or for others. */
    record OfSession(AccessClaims claims, SessionFacts session) implements SentToken {}

    record OfHost(AccessClaims claims, UUID host) implements SentToken {}

    /** Empty for one that is not known, expired, revoked or used. */
    static Optional<SentToken> find(Transaction tx, AccessTokens tokens, String text, Instant now) {
        if (AccessTokens.looksLike(text)) {
            return tokens.verify(text) instanceof AccessTokens.Verification.Valid(var claims)
                    ? access(tx, claims, now)
                    : Optional.empty();
        }
        Optional<ApiToken> refresh = ApiToken.tryParse(ApiToken.Kind.REFRESH, text);
        if (refresh.isPresent()) {
            return tx.sessions()
                    .findUnusedRefreshToken(refresh.get().sha256Hex())
                    .flatMap(tx.sessions()::find)
                    .filter(session -> session.isOpen(now))
                    .map(OfRefresh::new);
        }
        return ApiToken.tryParse(text)
                .flatMap(token -> tx.tokens().find(token.sha256Hex()))
                .filter(token -> token.revokedAt().isEmpty() && !token.isExpired(now))
                .map(OfApi::new);
    }

    private static Optional<SentToken> access(Transaction tx, AccessClaims claims, Instant now) {
        if (claims.session().isPresent()) {
            return tx.sessions()
                    .find(claims.session().get())
                    .filter(session -> session.isOpen(now))
                    .filter(session -> claims.subject().equals("account:" + session.account()))
                    .map(session -> new OfSession(claims, session));
        }
        return claims.findHost()
                .flatMap(tx.hosts()::find)
                .filter(host -> host.revokedAt().isEmpty())
                .map(HostRecord::id)
                .map(host -> new OfHost(claims, host));
    }
}
