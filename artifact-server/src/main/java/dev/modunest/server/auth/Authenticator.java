package dev.modunest.server.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.modunest.db.Account;
import dev.modunest.db.Database;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;

import java.util.Optional;

/**
 * Says whose token a request carries. Accounts are remembered for a short time by the hash of their
 * token, so that a busy client costs no look-up per request. Thread-safe.
 */
public final class Authenticator {

    private static final String SCHEME = "Bearer ";

    private final Database database;
    private final Cache<String, Account> accounts;

    public Authenticator(Database database, AuthConfig config) {
        this.database = database;
        this.accounts =
                Caffeine.newBuilder()
                        .maximumSize(config.cachedTokens())
                        .expireAfterWrite(config.tokenCache())
                        .build();
    }

    /** The account whose token {@code request} carries; throws {@link Rejection} without one. */
    public Account require(ServerRequest request) {
        return require(request.headers().first(HeaderNames.AUTHORIZATION));
    }

    /** The account whose token {@code request} carries; empty without a token that is known. */
    public Optional<Account> find(ServerRequest request) {
        return token(request.headers().first(HeaderNames.AUTHORIZATION))
                .flatMap(ApiToken::tryParse)
                .flatMap(this::account);
    }

    /**
     * Throws {@link Rejection} when {@code account} is no administrator.
     *
     * @param what only they may do
     */
    public static void requireAdministrator(Account account, String what) {
        if (!account.administrator()) {
            throw new Rejection(
                    ProblemCode.ADMINISTRATOR_REQUIRED,
                    "Only an administrator may "
                            + what
                            + ", and "
                            + account.name()
                            + " is none; ask one, or use a token of one");
        }
    }

    /**
     * The account whose token stands in {@code authorization}; throws {@link Rejection} without
     * one.
     */
    private Account require(Optional<String> authorization) {
        String value =
                token(authorization)
                        .orElseThrow(
                                () ->
                                        unauthorized(
                                                ProblemCode.TOKEN_REQUIRED,
                                                "Send the header Authorization: Bearer <token>; the operator gives tokens",
                                                ""));
        return ApiToken.tryParse(value)
                .flatMap(this::account)
                .orElseThrow(
                        () ->
                                unauthorized(
                                        ProblemCode.TOKEN_UNKNOWN,
                                        "No account has this token; check that it was copied whole, or ask the operator for a new one",
                                        ", error=\"invalid_token\""));
    }

    /** The token of a header {@code Authorization: Bearer}. */
    static Optional<String> token(Optional<String> authorization) {
        return authorization
                .filter(text -> text.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(text -> text.substring(SCHEME.length()).strip());
    }

    private Optional<Account> account(ApiToken token) {
        String sha256 = token.sha256Hex();
        Optional<Account> known = Optional.ofNullable(accounts.getIfPresent(sha256));
        if (known.isPresent()) {
            return known;
        }
        Optional<Account> found = database.read(tx -> tx.tokens().findAccount(sha256));
        found.ifPresent(account -> accounts.put(sha256, account));
        return found;
    }

    private static Rejection unauthorized(ProblemCode code, String detail, String error) {
        return new Rejection(code, detail)
                .with("WWW-Authenticate", "Bearer realm=\"modunest\"" + error);
    }
}
