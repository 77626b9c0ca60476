package dev.modunest.server.auth;

import dev.modunest.db.Account;
import dev.modunest.db.Database;
import dev.modunest.db.TokenRecord;
import dev.modunest.db.identity.HostFacts;
import dev.modunest.db.identity.SessionFacts;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.token.AccessClaims;
import dev.modunest.server.token.AccessTokens;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Checks a credential against the keys and the index, each time: what a signature says is good only
 * while its session or host is. Thread-safe.
 */
final class CredentialChecks {

    static final String ACCOUNT = "account:";

    private static final String HOST = "host:";

    private final Database database;
    private final AccessTokens tokens;
    private final InstantSource clock;

    /** A credential that was found good, until it expires. */
    record Checked(Principal principal, Instant expiresAt) {}

    CredentialChecks(Database database, AccessTokens tokens, InstantSource clock) {
        this.database = database;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** The holder of that API token or access token; throws {@link Rejection} for no good one. */
    Checked ofBearer(String token) {
        if (AccessTokens.looksLike(token)) {
            return switch (tokens.verify(token)) {
                case AccessTokens.Verification.Valid(AccessClaims claims) -> checkClaims(claims);
                case AccessTokens.Verification.Expired _ -> throw expired();
                case AccessTokens.Verification.Invalid _ -> throw unknown();
            };
        }
        TokenRecord found =
                ApiToken.tryParse(token)
                        .map(ApiToken::sha256Hex)
                        .flatMap(sha256 -> database.read(tx -> tx.tokens().find(sha256)))
                        .orElseThrow(CredentialChecks::unknown);
        if (found.revokedAt().isPresent()) {
            throw revoked();
        }
        return new Checked(
                new Principal.Developer(
                        found.account(),
                        Scope.parseAll(found.scopes()),
                        Optional.of(found.id()),
                        Optional.empty(),
                        Optional.empty(),
                        false),
                found.expiresAt().orElse(Instant.MAX));
    }

    private Checked checkClaims(AccessClaims claims) {
        String subject = claims.subject();
        List<Scope> scopes = scopes(claims);
        if (!claims.audience().contains(tokens.audience())) {
            claims.session().ifPresent(this::openSession);
            return new Checked(
                    new Principal.EndUser(subject, claims.audience(), scopes, claims.expiresAt()),
                    claims.expiresAt());
        }
        if (subject.startsWith(HOST)) {
            return new Checked(host(subject.substring(HOST.length())), claims.expiresAt());
        }
        SessionFacts session = openSession(claims.session().orElseThrow(CredentialChecks::unknown));
        if (!subject.equals(ACCOUNT + session.account())) {
            throw unknown();
        }
        return new Checked(developer(session, scopes, false), claims.expiresAt());
    }

    private static List<Scope> scopes(AccessClaims claims) {
        try {
            return Scope.parseAll(claims.scopes());
        } catch (IllegalArgumentException ofAnotherVersion) {
            throw unknown();
        }
    }

    private Principal.Host host(String id) {
        HostFacts host =
                parse(id)
                        .flatMap(uuid -> database.read(tx -> tx.access().findHost(uuid)))
                        .orElseThrow(CredentialChecks::revoked);
        return new Principal.Host(
                host.id(),
                host.name(),
                host.patterns().stream().map(PluginPattern::parse).toList());
    }

    private static Optional<UUID> parse(String id) {
        try {
            return Optional.of(UUID.fromString(id));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private SessionFacts openSession(UUID id) {
        return database.read(tx -> tx.sessions().find(id))
                .filter(session -> session.isOpen(clock.instant()))
                .orElseThrow(CredentialChecks::revoked);
    }

    /** The account of a browser's session; throws {@link Rejection} for no open one. */
    Checked ofCookie(String sha256) {
        SessionFacts session =
                database.read(tx -> tx.sessions().findByCookie(sha256))
                        .filter(found -> found.isOpen(clock.instant()))
                        .orElseThrow(CredentialChecks::unknown);
        return new Checked(
                developer(session, Scope.parseAll(session.scopes()), true), session.expiresAt());
    }

    private static Principal.Developer developer(
            SessionFacts session, List<Scope> scopes, boolean cookie) {
        return new Principal.Developer(
                new Account(session.accountId(), session.account(), session.administrator()),
                scopes,
                Optional.empty(),
                Optional.of(session.id()),
                Optional.of(session.authenticatedAt()),
                cookie);
    }

    private static Rejection unknown() {
        return Credentials.Unauthorized.with(
                ProblemCode.TOKEN_UNKNOWN,
                "No account has this token, and it is not the downloads.token of edges; check that it was copied whole, or sign in again with ./modunest login",
                "invalid_token");
    }

    static Rejection expired() {
        return Credentials.Unauthorized.with(
                ProblemCode.TOKEN_EXPIRED,
                "The token has expired; refresh it, sign in again with ./modunest login, or make another one",
                "invalid_token");
    }

    private static Rejection revoked() {
        return Credentials.Unauthorized.with(
                ProblemCode.TOKEN_REVOKED,
                "The token was revoked, or its session or host was; sign in again with ./modunest login, or make another one",
                "invalid_token");
    }
}
