package dev.modunest.server.account;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.modunest.db.Account;
import dev.modunest.db.AuditEntry;
import dev.modunest.db.Database;
import dev.modunest.db.Transaction;
import dev.modunest.db.identity.PasswordFacts;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.auth.Principal;
import dev.modunest.server.body.JsonBody;
import dev.modunest.server.password.LocalAccounts;
import dev.modunest.server.password.PasswordHash;
import dev.modunest.server.password.PasswordPolicy;
import dev.modunest.server.password.Passwords;
import dev.modunest.server.password.Sealer;
import dev.modunest.server.password.Totp;
import dev.modunest.server.password.TotpSecret;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.problem.RequestId;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/**
 * {@code /api/v1/account/password} and {@code /api/v1/account/totp}: how the caller signs in here.
 * Needs the present password, or a sign-in of just now, so that a stolen token takes no account
 * over.
 */
public final class PasswordEndpoint {

    private final AccountConfig config;
    private final Database database;
    private final Passwords passwords;
    private final PasswordPolicy policy;
    private final LocalAccounts locals;
    private final Sealer sealer;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    public PasswordEndpoint(
            AccountConfig config,
            Database database,
            Passwords passwords,
            PasswordPolicy policy,
            LocalAccounts locals,
            Sealer sealer,
            InstantSource clock) {
        this.config = config;
        this.database = database;
        this.passwords = passwords;
        this.policy = policy;
        this.locals = locals;
        this.sealer = sealer;
        this.clock = clock;
    }

    /** {@code PUT /api/v1/account/password}; ends all other sessions. */
    public void change(ServerRequest request, ServerResponse response) {
        Principal.Developer caller = Caller.developer(request);
        JsonBody body =
                JsonBody.read(
                        request,
                        AccountEndpoint.MAX_BODY,
                        Set.of("password", "current_password", "code"));
        String password = body.text("password", Passwords.MOST_CHARACTERS * 2);
        Account account = caller.account();
        requireProof(caller, body);
        requireStrong(policy, password, account.name());
        PasswordHash hash = passwords.hash(password);
        database.<Boolean>inTransaction(
                tx -> {
                    tx.passwords().setPassword(account.id(), hash.text());
                    int ended =
                            tx.sessions()
                                    .revokeAll(
                                            account.id(),
                                            caller.session(),
                                            "the password was changed",
                                            clock.instant());
                    tx.accessChanged();
                    audit(tx, account, "password.changed", "{\"sessions_ended\":" + ended + "}");
                    return true;
                });
        AccountEndpoint.send(
                request, response, JsonNodeFactory.instance.objectNode().put("changed", true));
    }

    static void requireStrong(PasswordPolicy policy, String password, String account) {
        policy.weakness(password, account)
                .ifPresent(
                        weakness -> {
                            throw new Rejection(
                                    ProblemCode.PASSWORD_WEAK, policy.explain(weakness));
                        });
    }

    private void requireProof(Principal.Developer caller, JsonBody body) {
        boolean fresh =
                caller.authenticatedAt()
                        .filter(at -> at.plus(config.freshSignIn()).isAfter(clock.instant()))
                        .isPresent();
        if (fresh) {
            return;
        }
        boolean proven =
                body.findText("current_password", Passwords.MOST_CHARACTERS * 2)
                        .map(
                                current ->
                                        locals.attempt(
                                                caller.account().name(),
                                                current,
                                                body.findText("code", 6)))
                        .filter(LocalAccounts.Attempt.Accepted.class::isInstance)
                        .isPresent();
        if (!proven) {
            throw new Rejection(
                    ProblemCode.SIGN_IN_STALE,
                    "This needs the current_password (and the code, where one is asked for), or a sign-in of the last "
                            + config.freshSignIn().toMinutes()
                            + " minutes; send it, or sign in again");
        }
    }

    /** {@code POST /api/v1/account/totp}: a secret for an app; asked for once it is confirmed. */
    public void beginTotp(ServerRequest request, ServerResponse response) {
        Principal.Developer caller = Caller.developer(request);
        requireProof(
                caller,
                JsonBody.read(
                        request, AccountEndpoint.MAX_BODY, Set.of("current_password", "code")));
        TotpSecret secret = TotpSecret.create(random);
        Account account = caller.account();
        database.<Boolean>inTransaction(
                tx -> {
                    tx.passwords()
                            .setTotp(
                                    account.id(),
                                    sealer.seal(secret.bytes(), LocalAccounts.place(account.id())));
                    audit(tx, account, "totp.begun", "{}");
                    return true;
                });
        AccountEndpoint.send(
                request,
                response,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("secret", secret.base32())
                        .put("uri", Totp.uri("Modu-Nest", account.name(), secret)));
    }

    /** {@code PUT /api/v1/account/totp}: confirms the secret by a code of it. */
    public void confirmTotp(ServerRequest request, ServerResponse response) {
        Account account = Caller.account(request);
        String code =
                JsonBody.read(request, AccountEndpoint.MAX_BODY, Set.of("code")).text("code", 6);
        Optional<PasswordFacts> facts = database.read(tx -> tx.passwords().find(account.id()));
        if (facts.filter(found -> locals.useCode(found, code)).isEmpty()) {
            throw new Rejection(
                    ProblemCode.CODE_WRONG,
                    "The code is not one of the secret now, or was used; POST /api/v1/account/totp gives the secret, then send the code that the app shows");
        }
        database.<Boolean>inTransaction(
                tx -> {
                    tx.passwords().confirmTotp(account.id());
                    audit(tx, account, "totp.confirmed", "{}");
                    return true;
                });
        AccountEndpoint.send(
                request, response, JsonNodeFactory.instance.objectNode().put("confirmed", true));
    }

    /** {@code DELETE /api/v1/account/totp}, with the body of a proof. */
    public void endTotp(ServerRequest request, ServerResponse response) {
        Principal.Developer caller = Caller.developer(request);
        requireProof(
                caller,
                JsonBody.read(
                        request, AccountEndpoint.MAX_BODY, Set.of("current_password", "code")));
        database.<Boolean>inTransaction(
                tx -> {
                    tx.passwords().clearTotp(caller.account().id());
                    audit(tx, caller.account(), "totp.removed", "{}");
                    return true;
                });
        AccountEndpoint.send(
                request, response, JsonNodeFactory.instance.objectNode().put("removed", true));
    }

    private void audit(Transaction tx, Account account, String action, String detail) {
        tx.audit()
                .append(
                        new AuditEntry(
                                clock.instant(),
                                account,
                                action,
                                "account " + account.name(),
                                Optional.empty(),
                                Optional.of(RequestId.current()),
                                detail));
    }
}
