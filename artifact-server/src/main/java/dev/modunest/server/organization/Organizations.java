package dev.modunest.server.organization;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Account;
import dev.modunest.db.Transaction;
import dev.modunest.db.identity.GrantRecord;
import dev.modunest.db.identity.Member;
import dev.modunest.db.identity.Organization;
import dev.modunest.db.identity.OrganizationStore;
import dev.modunest.db.identity.Team;
import dev.modunest.format.PluginId;
import dev.modunest.server.auth.Action;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.auth.Principal;
import dev.modunest.server.auth.Role;
import dev.modunest.server.idempotency.Answer;
import dev.modunest.server.idempotency.Mutation;
import dev.modunest.server.idempotency.Mutations;
import dev.modunest.server.name.ReservedNames;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Changes organisations. Thread-safe. */
final class Organizations {

    private final OrganizationsConfig config;
    private final ReservedNames names;
    private final PluginAuthService auth;
    private final Mutations mutations;
    private final InstantSource clock;

    Organizations(
            OrganizationsConfig config,
            ReservedNames names,
            PluginAuthService auth,
            Mutations mutations,
            InstantSource clock) {
        this.config = config;
        this.names = names;
        this.auth = auth;
        this.mutations = mutations;
        this.clock = clock;
    }

    Answer create(Mutation mutation, String name, Optional<String> displayName) {
        names.check(name, mutation.account());
        return mutations.run(mutation, tx -> create(tx, mutation.account(), name, displayName));
    }

    private Answer create(
            Transaction tx, Account creator, String name, Optional<String> displayName) {
        tx.accounts().lock(creator.id());
        requireRoom(
                tx.organizations().ofAccount(creator.id()).stream()
                        .filter(membership -> membership.role().equals(MemberRules.OWNER))
                        .count(),
                config.mostPerAccount(),
                "organizations of which the account is an owner");
        Organization made =
                tx.organizations()
                        .insert(name, displayName, now())
                        .orElseThrow(
                                () ->
                                        new Rejection(
                                                ProblemCode.NAME_TAKEN,
                                                "There is an organization "
                                                        + name
                                                        + " already; choose another name, or ask its owners to take you in"));
        tx.organizations().putMember(made.id(), creator.id(), MemberRules.OWNER, now());
        new OrganizationChange(tx, made, creator, now())
                .done("organization.created", name, detail());
        return new Answer(
                201,
                Map.of("Location", "/api/v1/organizations/" + name),
                document(tx, made).toString());
    }

    Answer putMember(Mutation mutation, String organization, String account, String role) {
        return change(
                mutation,
                organization,
                change -> {
                    Account member = change.account(account);
                    OrganizationStore store = change.tx().organizations();
                    long id = change.organization().id();
                    Optional<String> current = store.findRole(id, member.id());
                    MemberRules.checkPut(change.actorRole(), current, role, change.owners());
                    if (current.isEmpty()) {
                        requireRoom(
                                store.countMembers(id),
                                config.mostMembers(),
                                "members of the organization " + organization);
                    }
                    if (current.filter(role::equals).isEmpty()) {
                        store.putMember(id, member.id(), role, change.now());
                        change.done(
                                "organization.member.put",
                                organization,
                                detail().put("account", account).put("role", role));
                    }
                },
                OrganizationDocuments.membership(organization, account).put("role", role));
    }

    /** Also by the member, who leaves. */
    Answer removeMember(Mutation mutation, String organization, String account) {
        return change(
                mutation,
                organization,
                change -> {
                    Account member = change.account(account);
                    OrganizationStore store = change.tx().organizations();
                    long id = change.organization().id();
                    String current =
                            store.findRole(id, member.id())
                                    .orElseThrow(
                                            () -> notIn("organization", organization, account));
                    MemberRules.checkRemove(
                            change.actorRole(),
                            current,
                            member.id() == change.actor().id(),
                            change.owners());
                    store.removeMember(id, member.id());
                    change.done(
                            "organization.member.removed",
                            organization,
                            detail().put("account", account));
                },
                OrganizationDocuments.membership(organization, account));
    }

    /** Makes the team if there is none of that name. */
    Answer putTeam(Mutation mutation, String organization, String name) {
        return change(
                mutation,
                organization,
                change -> {
                    MemberRules.requireManager(change.actorRole());
                    long id = change.organization().id();
                    if (change.tx().teams().find(id, name).isEmpty()) {
                        requireRoom(
                                change.tx().teams().list(id).size(),
                                config.mostTeams(),
                                "teams of the organization " + organization);
                        change.tx().teams().insert(id, name, change.now());
                        change.done("team.created", organization + "/" + name, detail());
                    }
                },
                team(organization, name));
    }

    /** With what was granted to it. */
    Answer removeTeam(Mutation mutation, String organization, String name) {
        return change(
                mutation,
                organization,
                change -> {
                    MemberRules.requireManager(change.actorRole());
                    change.tx().teams().delete(team(change, name).id());
                    change.done("team.removed", organization + "/" + name, detail());
                },
                team(organization, name));
    }

    Answer putTeamMember(Mutation mutation, String organization, String name, String account) {
        return change(
                mutation,
                organization,
                change -> {
                    MemberRules.requireManager(change.actorRole());
                    Team team = team(change, name);
                    Account member = change.account(account);
                    if (change.tx()
                            .organizations()
                            .findRole(change.organization().id(), member.id())
                            .isEmpty()) {
                        throw notIn("organization", organization, account);
                    }
                    requireWhatTheTeamMay(change, team);
                    change.tx().teams().putMember(team.id(), member.id(), change.now());
                    change.done(
                            "team.member.put",
                            organization + "/" + name,
                            detail().put("account", account));
                },
                team(organization, name).put("account", account));
    }

    /** Who is no owner gives nobody, by a team, what they do not have themselves. */
    private void requireWhatTheTeamMay(OrganizationChange change, Team team) {
        if (change.actorRole().filter(MemberRules.OWNER::equals).isPresent()) {
            return;
        }
        Principal.Developer actor = Principal.Developer.unlimited(change.actor());
        for (GrantRecord grant : change.tx().grants().ofTeam(team.id(), change.now())) {
            Optional<PluginId> plugin =
                    grant.plugin().map(name -> new PluginId(grant.namespace(), name));
            for (Action action : Role.granted(grant.role(), grant.actions())) {
                auth.requireToGive(change.tx(), actor, grant.namespace(), plugin, action);
            }
        }
    }

    Answer removeTeamMember(Mutation mutation, String organization, String name, String account) {
        return change(
                mutation,
                organization,
                change -> {
                    MemberRules.requireManager(change.actorRole());
                    Team team = team(change, name);
                    Account member = change.account(account);
                    if (!change.tx().teams().removeMember(team.id(), member.id())) {
                        throw notIn("team", organization + "/" + name, account);
                    }
                    change.done(
                            "team.member.removed",
                            organization + "/" + name,
                            detail().put("account", account));
                },
                team(organization, name).put("account", account));
    }

    private Answer change(
            Mutation mutation,
            String organization,
            Consumer<OrganizationChange> step,
            ObjectNode answer) {
        return mutations.run(
                mutation,
                tx -> {
                    step.accept(
                            OrganizationChange.begin(tx, organization, mutation.account(), now()));
                    return new Answer(200, Map.of(), answer.toString());
                });
    }

    static ObjectNode document(Transaction tx, Organization organization) {
        List<Member> members = tx.organizations().members(organization.id());
        return OrganizationDocuments.organization(
                organization, members, tx.teams().list(organization.id()));
    }

    static Rejection unknownTeam(String organization, String name) {
        return new Rejection(
                ProblemCode.TEAM_UNKNOWN,
                "There is no team "
                        + organization
                        + "/"
                        + name
                        + "; GET /api/v1/organizations/"
                        + organization
                        + " lists those there are");
    }

    private static Team team(OrganizationChange change, String name) {
        return change.tx()
                .teams()
                .find(change.organization().id(), name)
                .orElseThrow(() -> unknownTeam(change.organization().name(), name));
    }

    private static Rejection notIn(String kind, String name, String account) {
        return new Rejection(
                ProblemCode.MEMBER_UNKNOWN,
                "The account "
                        + account
                        + " is not in the "
                        + kind
                        + " "
                        + name
                        + "; take it in first, or check its name");
    }

    private static void requireRoom(long there, int most, String what) {
        if (there >= most) {
            throw new Rejection(
                    ProblemCode.LIMIT_REACHED,
                    "There are "
                            + there
                            + " "
                            + what
                            + ", and there may be "
                            + most
                            + "; remove one, or ask the operator to raise the limit");
        }
    }

    private static ObjectNode team(String organization, String name) {
        return detail().put("organization", organization).put("team", name);
    }

    private static ObjectNode detail() {
        return JsonNodeFactory.instance.objectNode();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
