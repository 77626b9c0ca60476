package dev.modunest.server.account;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Account;
import dev.modunest.db.AccountRecord;
import dev.modunest.db.AuditEntry;
import dev.modunest.db.Database;
import dev.modunest.db.Transaction;
import dev.modunest.format.PluginId;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.body.JsonBody;
import dev.modunest.server.idempotency.Answer;
import dev.modunest.server.idempotency.Mutation;
import dev.modunest.server.idempotency.Mutations;
import dev.modunest.server.password.PasswordHash;
import dev.modunest.server.password.PasswordPolicy;
import dev.modunest.server.password.Passwords;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.problem.RequestId;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /api/v1/accounts}: what administrators do with accounts. */
public final class AccountsEndpoint {

    private static final int MAX_LIMIT = 100;
    private static final int MAX_NAME = 64;
    private static final int MAX_DISPLAY_NAME = 200;

    private final Database database;
    private final Mutations mutations;
    private final Passwords passwords;
    private final PasswordPolicy policy;
    private final InstantSource clock;

    public AccountsEndpoint(
            Database database,
            Mutations mutations,
            Passwords passwords,
            PasswordPolicy policy,
            InstantSource clock) {
        this.database = database;
        this.mutations = mutations;
        this.passwords = passwords;
        this.policy = policy;
        this.clock = clock;
    }

    /** {@code GET /api/v1/accounts?cursor=}. */
    public void list(ServerRequest request, ServerResponse response) {
        String after = request.query().first("cursor").asOptional().orElse("");
        List<AccountRecord> found = database.read(tx -> tx.accounts().list(after, MAX_LIMIT + 1));
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode accounts = document.putArray("accounts");
        found.stream().limit(MAX_LIMIT).forEach(account -> accounts.add(document(account)));
        if (found.size() > MAX_LIMIT) {
            document.put(
                    "next", "/api/v1/accounts?cursor=" + found.get(MAX_LIMIT - 1).account().name());
        }
        AccountEndpoint.send(request, response, document);
    }

    private static ObjectNode document(AccountRecord account) {
        ObjectNode document =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("account", account.account().name())
                        .put("kind", account.kind())
                        .put("administrator", account.account().administrator())
                        .put("created_at", account.createdAt().toString());
        account.displayName().ifPresent(name -> document.put("display_name", name));
        account.disabledAt().ifPresent(at -> document.put("disabled_at", at.toString()));
        return document;
    }

    /** {@code POST /api/v1/accounts}: an account that signs in here with a password. */
    public void create(ServerRequest request, ServerResponse response) {
        JsonBody body =
                JsonBody.read(
                        request,
                        AccountEndpoint.MAX_BODY,
                        Set.of("account", "password", "display_name", "administrator"));
        String name = body.text("account", MAX_NAME);
        if (!PluginId.isPart(name)) {
            throw JsonBody.invalid("'" + name + "' is no name of an account: " + PluginId.RULE);
        }
        String password = body.text("password", Passwords.MOST_CHARACTERS * 2);
        PasswordEndpoint.requireStrong(policy, password, name);
        PasswordHash hash = passwords.hash(password);
        mutations
                .run(
                        Mutation.of(request, Caller.account(request), body.digest()),
                        tx -> create(tx, Caller.account(request), name, hash, body))
                .send(request, response);
    }

    private Answer create(
            Transaction tx, Account by, String name, PasswordHash hash, JsonBody body) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Account account =
                tx.accounts()
                        .insert(name, body.findFlag("administrator").orElse(false), now)
                        .orElseThrow(
                                () ->
                                        new Rejection(
                                                ProblemCode.ACCOUNT_EXISTS,
                                                "There is an account "
                                                        + name
                                                        + "; choose another name"));
        tx.passwords().setPassword(account.id(), hash.text());
        body.findText("display_name", MAX_DISPLAY_NAME)
                .ifPresent(text -> tx.accounts().setDisplayName(account.id(), text));
        audit(tx, by, "account.created", name, now);
        return new Answer(201, Map.of(), document(record(tx, name)).toString());
    }

    /** {@code PATCH /api/v1/accounts/{account}}: {@code disabled}, {@code administrator}. */
    public void change(ServerRequest request, ServerResponse response) {
        String name = request.path().pathParameters().get("account");
        JsonBody body =
                JsonBody.read(
                        request, AccountEndpoint.MAX_BODY, Set.of("disabled", "administrator"));
        Account by = Caller.account(request);
        mutations
                .run(
                        Mutation.of(request, by, body.digest()),
                        tx -> {
                            int administrators = tx.accounts().lockAdministrators();
                            AccountRecord before = record(tx, name);
                            requireOneLeft(before, body, administrators);
                            change(tx, by, before, body);
                            return new Answer(200, Map.of(), document(record(tx, name)).toString());
                        })
                .send(request, response);
    }

    private static void requireOneLeft(AccountRecord account, JsonBody body, int administrators) {
        boolean was = account.account().administrator() && account.disabledAt().isEmpty();
        boolean remains =
                body.findFlag("administrator").orElse(true)
                        && !body.findFlag("disabled").orElse(false);
        if (was && !remains && administrators == 1) {
            throw new Rejection(
                    ProblemCode.ADMINISTRATOR_LAST,
                    account.account().name()
                            + " is the only administrator; make another one first");
        }
    }

    private void change(Transaction tx, Account by, AccountRecord account, JsonBody body) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        long id = account.account().id();
        body.findFlag("disabled")
                .filter(disabled -> disabled != account.disabledAt().isPresent())
                .ifPresent(
                        disabled -> {
                            tx.accounts().setDisabled(id, disabled, now);
                            if (disabled) {
                                int _ =
                                        tx.sessions()
                                                .revokeAll(
                                                        id,
                                                        Optional.empty(),
                                                        "the account was disabled",
                                                        now);
                            }
                            audit(
                                    tx,
                                    by,
                                    disabled ? "account.disabled" : "account.enabled",
                                    account.account().name(),
                                    now);
                        });
        body.findFlag("administrator")
                .filter(administrator -> administrator != account.account().administrator())
                .ifPresent(
                        administrator -> {
                            tx.accounts().setAdministrator(id, administrator);
                            audit(
                                    tx,
                                    by,
                                    administrator ? "administrator.made" : "administrator.unmade",
                                    account.account().name(),
                                    now);
                        });
        tx.accessChanged();
    }

    private static AccountRecord record(Transaction tx, String name) {
        return tx.accounts()
                .findRecord(name)
                .orElseThrow(
                        () ->
                                new Rejection(
                                        ProblemCode.ACCOUNT_UNKNOWN,
                                        "There is no account "
                                                + name
                                                + "; GET /api/v1/accounts lists those there are"));
    }

    private static void audit(Transaction tx, Account by, String action, String name, Instant now) {
        tx.audit()
                .append(
                        new AuditEntry(
                                now,
                                by,
                                action,
                                "account " + name,
                                Optional.empty(),
                                Optional.of(RequestId.current())));
    }
}
