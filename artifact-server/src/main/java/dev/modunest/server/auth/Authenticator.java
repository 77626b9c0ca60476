package dev.modunest.server.auth;

import dev.modunest.db.Account;
import dev.modunest.db.Database;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import java.util.Optional;

/** Says whose token a request carries. */
public final class Authenticator {

    private static final String SCHEME = "Bearer ";

    private final Database database;

    public Authenticator(Database database) {
        this.database = database;
    }

    /**
     * The account whose token stands in {@code authorization}; throws {@link Rejection} without
     * one.
     */
    public Account require(Optional<String> authorization) {
        String value =
                authorization
                        .filter(text -> text.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                        .orElseThrow(
                                () ->
                                        unauthorized(
                                                ProblemCode.TOKEN_REQUIRED,
                                                "Send the header Authorization: Bearer <token>; the operator gives tokens",
                                                ""));
        return ApiToken.tryParse(value.substring(SCHEME.length()).strip())
                .flatMap(this::account)
                .orElseThrow(
                        () ->
                                unauthorized(
                                        ProblemCode.TOKEN_UNKNOWN,
                                        "No account has this token; check that it was copied whole, or ask the operator for a new one",
                                        ", error=\"invalid_token\""));
    }

    private Optional<Account> account(ApiToken token) {
        return database.read(tx -> tx.tokens().findAccount(token.sha256Hex()));
    }

    private static Rejection unauthorized(ProblemCode code, String detail, String error) {
        return new Rejection(code, detail)
                .with("WWW-Authenticate", "Bearer realm=\"modunest\"" + error);
    }
}
