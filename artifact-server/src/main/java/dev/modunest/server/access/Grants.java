package dev.modunest.server.access;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Account;
import dev.modunest.db.AuditEntry;
import dev.modunest.db.Transaction;
import dev.modunest.db.identity.GrantHolder;
import dev.modunest.db.identity.GrantRecord;
import dev.modunest.db.identity.NamespaceFacts;
import dev.modunest.db.identity.NewGrant;
import dev.modunest.db.identity.Organization;
import dev.modunest.db.identity.Team;
import dev.modunest.server.auth.Action;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.auth.Principal;
import dev.modunest.server.auth.Resource;
import dev.modunest.server.auth.Role;
import dev.modunest.server.body.JsonBody;
import dev.modunest.server.idempotency.Answer;
import dev.modunest.server.idempotency.Mutation;
import dev.modunest.server.idempotency.Mutations;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.problem.RequestId;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Grants and takes back. Who grants has what they grant: that is asked again in the transaction,
 * which holds the namespace, so that nothing is given on the strength of a right that is gone.
 * Thread-safe.
 */
final class Grants {

    private final GrantsConfig config;
    private final PluginAuthService auth;
    private final Mutations mutations;
    private final InstantSource clock;

    Grants(GrantsConfig config, PluginAuthService auth, Mutations mutations, InstantSource clock) {
        this.config = config;
        this.auth = auth;
        this.mutations = mutations;
        this.clock = clock;
    }

    Answer grant(Principal.Developer caller, Mutation mutation, GrantRequest request) {
        request.expiresAt()
                .filter(expires -> !expires.isAfter(clock.instant()))
                .ifPresent(
                        past -> {
                            throw JsonBody.invalid("expires_at is over: " + past);
                        });
        return mutations.run(mutation, tx -> grant(tx, caller, request));
    }

    private Answer grant(Transaction tx, Principal.Developer caller, GrantRequest request) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        String namespace = request.namespace();
        begin(tx, caller, namespace);
        for (Action action : request.granted()) {
            auth.requireToGive(tx, caller, namespace, request.pluginId(), action);
        }
        long there = tx.grants().dropExpired(namespace, now);
        if (there >= config.mostPerNamespace()) {
            throw new Rejection(
                    ProblemCode.LIMIT_REACHED,
                    "There are "
                            + there
                            + " grants on the namespace "
                            + namespace
                            + ", and there may be "
                            + config.mostPerNamespace()
                            + "; grant to a team instead, or take some back");
        }
        long id =
                tx.grants()
                        .insert(
                                new NewGrant(
                                        holder(tx, caller.account(), request),
                                        request.role().map(Role::text),
                                        request.actionTexts(),
                                        namespace,
                                        request.plugin(),
                                        caller.account().id(),
                                        now,
                                        request.expiresAt()));
        GrantRecord made = find(tx, namespace, id);
        done(tx, caller.account(), "grant.made", made, now);
        return new Answer(
                201,
                Map.of("Location", "/api/v1/namespaces/" + namespace + "/grants/" + id),
                document(made).toString());
    }

    Answer takeBack(Principal.Developer caller, Mutation mutation, String namespace, long id) {
        return mutations.run(
                mutation,
                tx -> {
                    begin(tx, caller, namespace);
                    GrantRecord grant = find(tx, namespace, id);
                    tx.grants().delete(id);
                    done(tx, caller.account(), "grant.taken-back", grant, clock.instant());
                    return new Answer(200, Map.of(), document(grant).toString());
                });
    }

    private void begin(Transaction tx, Principal.Developer caller, String namespace) {
        tx.namespaces().lock(namespace);
        auth.require(tx, caller, new Resource.OfNamespace(namespace), Action.GRANT_MANAGE);
    }

    private static GrantRecord find(Transaction tx, String namespace, long id) {
        return tx.grants()
                .find(namespace, id)
                .orElseThrow(
                        () ->
                                new Rejection(
                                        ProblemCode.GRANT_UNKNOWN,
                                        "There is no grant "
                                                + id
                                                + " on the namespace "
                                                + namespace
                                                + "; GET /api/v1/namespaces/"
                                                + namespace
                                                + "/grants lists those there are"));
    }

    private static void done(
            Transaction tx, Account actor, String action, GrantRecord grant, Instant now) {
        tx.audit()
                .append(
                        new AuditEntry(
                                now,
                                actor,
                                action,
                                grant.namespace()
                                        + grant.plugin().map(name -> "/" + name).orElse(""),
                                Optional.empty(),
                                Optional.of(RequestId.current()),
                                document(grant).toString()));
        tx.accessChanged();
    }

    private static GrantHolder holder(Transaction tx, Account granter, GrantRequest request) {
        return switch (request.to()) {
            case GrantRequest.To.AnAccount(String name) ->
                    new GrantHolder.ToAccount(
                            tx.accounts()
                                    .find(name)
                                    .orElseThrow(
                                            unknown(ProblemCode.ACCOUNT_UNKNOWN, "account " + name))
                                    .id());
            case GrantRequest.To.AnOrganization(String name) ->
                    new GrantHolder.ToOrganization(
                            tx.organizations()
                                    .find(name)
                                    .orElseThrow(
                                            unknown(
                                                    ProblemCode.ORGANIZATION_UNKNOWN,
                                                    "organization " + name))
                                    .id());
            case GrantRequest.To.ATeam(String organization, String name) ->
                    new GrantHolder.ToTeam(
                            tx.organizations()
                                    .find(organization)
                                    .filter(found -> knowsTeams(tx, granter, found, request))
                                    .flatMap(found -> tx.teams().find(found.id(), name))
                                    .map(Team::id)
                                    .orElseThrow(
                                            unknown(
                                                    ProblemCode.TEAM_UNKNOWN,
                                                    "team " + organization + "/" + name)));
            case GrantRequest.To.AHost(var id) ->
                    new GrantHolder.ToHost(
                            tx.access()
                                    .findHost(id)
                                    .orElseThrow(unknown(ProblemCode.HOST_UNKNOWN, "host " + id))
                                    .id());
        };
    }

    /** The teams of an organisation are known to its members, and no matter of others. */
    private static boolean knowsTeams(
            Transaction tx, Account granter, Organization organization, GrantRequest request) {
        return granter.administrator()
                || tx.organizations().findRole(organization.id(), granter.id()).isPresent()
                || tx.access()
                        .findNamespace(request.namespace())
                        .flatMap(NamespaceFacts::ownerOrganizationId)
                        .filter(owner -> owner == organization.id())
                        .isPresent();
    }

    private static Supplier<Rejection> unknown(ProblemCode code, String what) {
        return () -> new Rejection(code, "There is no " + what + "; check its name");
    }

    static ObjectNode list(List<GrantRecord> grants) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode all = document.putArray("grants");
        grants.forEach(grant -> all.add(document(grant)));
        return document;
    }

    private static ObjectNode document(GrantRecord grant) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("grant", grant.id());
        document.putObject("to").put(grant.kind(), grant.to());
        grant.role().ifPresent(role -> document.put("role", role));
        if (!grant.actions().isEmpty()) {
            ArrayNode actions = document.putArray("actions");
            grant.actions().forEach(actions::add);
        }
        document.put("namespace", grant.namespace());
        grant.plugin().ifPresent(plugin -> document.put("plugin", plugin));
        document.put("granted_by", grant.grantedBy());
        document.put("created_at", grant.createdAt().toString());
        grant.expiresAt().ifPresent(expires -> document.put("expires_at", expires.toString()));
        return document;
    }
}
