package dev.modunest.server.namespace;

import dev.modunest.db.Account;
import dev.modunest.db.Transaction;
import dev.modunest.db.identity.NamespaceOwner;
import dev.modunest.db.identity.NamespaceTransfer;
import dev.modunest.server.auth.Action;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.auth.Principal;
import dev.modunest.server.auth.Resource;
import dev.modunest.server.idempotency.Answer;
import dev.modunest.server.idempotency.Mutation;
import dev.modunest.server.idempotency.Mutations;
import dev.modunest.server.name.ReservedNames;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.trust.RegistryActs;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/** Claims namespaces, changes them and hands them over. Thread-safe. */
final class Namespaces {

    private final NamespacesConfig config;
    private final ReservedNames names;
    private final PluginAuthService auth;
    private final RegistryActs acts;
    private final Mutations mutations;
    private final InstantSource clock;

    Namespaces(
            NamespacesConfig config,
            ReservedNames names,
            PluginAuthService auth,
            RegistryActs acts,
            Mutations mutations,
            InstantSource clock) {
        this.config = config;
        this.names = names;
        this.auth = auth;
        this.acts = acts;
        this.mutations = mutations;
        this.clock = clock;
    }

    Answer claim(
            Principal.Developer caller,
            Mutation mutation,
            String name,
            Optional<String> organization,
            boolean secret) {
        names.check(name, caller.account());
        organization.ifPresent(
                owner ->
                        auth.require(
                                caller,
                                new Resource.OfOrganization(owner),
                                Action.ORGANIZATION_MANAGE));
        return mutations.run(mutation, tx -> claim(tx, caller, name, organization, secret));
    }

    private Answer claim(
            Transaction tx,
            Principal.Developer caller,
            String name,
            Optional<String> organization,
            boolean secret) {
        Account account = caller.account();
        tx.accounts().lock(account.id());
        NamespaceChange change = NamespaceChange.begin(tx, name, account, now());
        NamespaceOwner owner = claimant(change, caller, organization);
        long owned = tx.namespaces().countOwned(owner);
        if (owned >= config.mostPerOwner()) {
            throw new Rejection(
                    ProblemCode.LIMIT_REACHED,
                    owner.name()
                            + " has "
                            + owned
                            + " namespaces, and may claim "
                            + config.mostPerOwner()
                            + "; use one of them, or ask the operator to raise the limit");
        }
        if (!tx.namespaces().claim(name, owner, secret, change.now())) {
            throw new Rejection(
                    ProblemCode.NAME_TAKEN,
                    "The namespace " + name + " is taken; choose another name");
        }
        change.audit(
                "namespace.claimed",
                NamespaceChange.detail().put("owner", owner.name()).put("private", secret));
        log(change, "namespace.claimed", owner);
        tx.accessChanged();
        return new Answer(
                201,
                Map.of("Location", "/api/v1/namespaces/" + name),
                NamespaceDocuments.namespace(change.namespace()).toString());
    }

    /** Everybody may see who has a namespace, and since when. */
    private void log(NamespaceChange change, String act, NamespaceOwner owner) {
        acts.record(
                change.tx(),
                act,
                change.name(),
                NamespaceChange.detail().put("owner", owner.name()),
                change.now());
    }

    private NamespaceOwner claimant(
            NamespaceChange change, Principal.Developer caller, Optional<String> organization) {
        if (organization.isEmpty()) {
            return new NamespaceOwner.AnAccount(caller.account().id(), caller.account().name());
        }
        NamespaceOwner owner = change.organization(organization.get());
        auth.require(
                change.tx(),
                caller,
                new Resource.OfOrganization(owner.name()),
                Action.ORGANIZATION_MANAGE);
        return owner;
    }

    /** What is to be changed, each if it is there. */
    Answer patch(
            Principal.Developer caller,
            Mutation mutation,
            String name,
            Optional<Boolean> verified,
            Optional<Boolean> secret) {
        return mutations.run(
                mutation,
                tx -> {
                    NamespaceChange change =
                            NamespaceChange.begin(tx, name, caller.account(), now());
                    verified.ifPresent(
                            wanted -> {
                                require(change, caller, Action.NAMESPACE_CERTIFY);
                                change.setVerified(
                                        wanted ? Optional.of("administrator") : Optional.empty(),
                                        Optional.empty());
                            });
                    Optional<Long> serial =
                            secret.flatMap(
                                    wanted -> {
                                        require(change, caller, Action.NAMESPACE_MANAGE);
                                        return change.setSecret(wanted);
                                    });
                    return new Answer(
                            200,
                            serial.map(number -> Map.of("Registry-Serial", number.toString()))
                                    .orElse(Map.of()),
                            NamespaceDocuments.namespace(change.namespace()).toString());
                });
    }

    /** Offers it; in the place of an offer that there was. */
    Answer offer(
            Principal.Developer caller,
            Mutation mutation,
            String name,
            Optional<String> account,
            Optional<String> organization) {
        return mutations.run(
                mutation,
                tx -> {
                    NamespaceChange change =
                            NamespaceChange.begin(tx, name, caller.account(), now());
                    require(change, caller, Action.NAMESPACE_TRANSFER);
                    NamespaceTransfer offered =
                            new NamespaceTransfer(
                                    name,
                                    account.map(change::account)
                                            .orElseGet(
                                                    () ->
                                                            change.organization(
                                                                    organization.orElseThrow())),
                                    change.now(),
                                    change.now().plus(config.transfer()));
                    tx.namespaceTransfers().put(offered, caller.account().id());
                    change.audit(
                            "namespace.offered",
                            NamespaceChange.detail().put("to", offered.to().name()));
                    return new Answer(
                            201, Map.of(), NamespaceDocuments.transfer(offered).toString());
                });
    }

    /** Takes the offer back. */
    Answer withdraw(Principal.Developer caller, Mutation mutation, String name) {
        return mutations.run(
                mutation,
                tx -> {
                    NamespaceChange change =
                            NamespaceChange.begin(tx, name, caller.account(), now());
                    require(change, caller, Action.NAMESPACE_TRANSFER);
                    NamespaceTransfer offered =
                            tx.namespaceTransfers()
                                    .find(name, change.now())
                                    .orElseThrow(() -> notOffered(name));
                    return over(change, offered, "namespace.offer-withdrawn");
                });
    }

    Answer accept(Principal.Developer caller, Mutation mutation, String name) {
        return mutations.run(
                mutation,
                tx -> {
                    NamespaceChange change =
                            NamespaceChange.begin(tx, name, caller.account(), now());
                    NamespaceTransfer offered = offeredTo(caller, change);
                    change.setOwner(offered.to());
                    log(change, "namespace.transferred", offered.to());
                    return new Answer(
                            200,
                            Map.of(),
                            NamespaceDocuments.namespace(change.namespace()).toString());
                });
    }

    Answer decline(Principal.Developer caller, Mutation mutation, String name) {
        return mutations.run(
                mutation,
                tx -> {
                    NamespaceChange change =
                            NamespaceChange.begin(tx, name, caller.account(), now());
                    return over(change, offeredTo(caller, change), "namespace.offer-declined");
                });
    }

    private static Answer over(NamespaceChange change, NamespaceTransfer offered, String action) {
        change.tx().namespaceTransfers().delete(change.name());
        change.audit(action, NamespaceChange.detail().put("to", offered.to().name()));
        return new Answer(200, Map.of(), NamespaceDocuments.transfer(offered).toString());
    }

    /** Who is offered nothing learns nothing, not even whether there is such a namespace. */
    private NamespaceTransfer offeredTo(Principal.Developer caller, NamespaceChange change) {
        return change.tx()
                .namespaceTransfers()
                .find(change.name(), change.now())
                .filter(offered -> isFor(caller, change, offered.to()))
                .orElseThrow(() -> notOffered(change.name()));
    }

    private boolean isFor(
            Principal.Developer caller, NamespaceChange change, NamespaceOwner owner) {
        return switch (owner) {
            case NamespaceOwner.AnAccount(long id, String _) -> id == caller.account().id();
            case NamespaceOwner.AnOrganization(long _, String name) ->
                    auth.authorize(
                                    change.tx(),
                                    Principal.Developer.unlimited(caller.account()),
                                    new Resource.OfOrganization(name),
                                    Action.ORGANIZATION_MANAGE)
                            .allowed();
        };
    }

    private static Rejection notOffered(String name) {
        return new Rejection(
                ProblemCode.TRANSFER_UNKNOWN,
                "The namespace "
                        + name
                        + " is not offered, or no more; its owner offers it with POST /api/v1/namespaces/"
                        + name
                        + "/transfer");
    }

    private void require(NamespaceChange change, Principal.Developer caller, Action action) {
        auth.require(change.tx(), caller, new Resource.OfNamespace(change.name()), action);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
