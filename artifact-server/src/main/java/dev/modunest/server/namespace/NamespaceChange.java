package dev.modunest.server.namespace;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Account;
import dev.modunest.db.ArtifactIndex;
import dev.modunest.db.AuditEntry;
import dev.modunest.db.Namespace;
import dev.modunest.db.Transaction;
import dev.modunest.db.identity.NamespaceOwner;
import dev.modunest.format.PluginId;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.problem.RequestId;

import java.time.Instant;
import java.util.Optional;

/** A change of a namespace under way: nobody else changes it until it is done. */
record NamespaceChange(Transaction tx, String name, Account actor, Instant now) {

    static NamespaceChange begin(Transaction tx, String name, Account actor, Instant now) {
        tx.namespaces().lock(name);
        return new NamespaceChange(tx, name, actor, now);
    }

    /** As it is now; it exists, or the caller would not have the right to change it. */
    Namespace namespace() {
        return tx.namespaces()
                .find(name)
                .orElseThrow(() -> new IllegalStateException(name + " is gone while it is held"));
    }

    void setVerified(Optional<String> by, Optional<String> domain) {
        Namespace before = namespace();
        if (before.verifiedBy().equals(by) && before.verifiedDomain().equals(domain)) {
            return;
        }
        tx.namespaces().setVerified(name, by, domain);
        ObjectNode detail = detail();
        by.ifPresent(method -> detail.put("by", method));
        domain.ifPresent(text -> detail.put("domain", text));
        audit(by.isPresent() ? "namespace.verified" : "namespace.unverified", detail);
    }

    /**
     * Makes it private or public: its plugins leave the lists or come back, and every cache hears
     * of every release. Comes last: from the first event on other changes of the index wait.
     *
     * @return the serial number of the last change; empty when there was none
     */
    Optional<Long> setSecret(boolean secret) {
        if (namespace().secret() == secret) {
            return Optional.empty();
        }
        tx.namespaces().setSecret(name, secret);
        tx.plugins().listAll(name, !secret);
        audit(secret ? "namespace.private" : "namespace.public", detail());
        tx.accessChanged();
        Optional<Long> serial = Optional.empty();
        for (ArtifactIndex.Named release : tx.artifacts().ofNamespace(name)) {
            serial =
                    Optional.of(
                            tx.outbox()
                                    .append(
                                            secret ? "release.hidden" : "release.shown",
                                            release.coordinate().plugin(),
                                            event(release).toString(),
                                            now));
        }
        for (PluginId emptied : tx.artifacts().emptied(name)) {
            serial =
                    Optional.of(
                            tx.outbox()
                                    .append(
                                            secret ? "plugin.hidden" : "plugin.shown",
                                            emptied,
                                            detail().toString(),
                                            now));
        }
        return serial;
    }

    private static ObjectNode event(ArtifactIndex.Named release) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("coordinate", release.coordinate().toString())
                .put("digest", release.digest().toString());
    }

    /** Who has it from now on begins anew: without proofs, and without what others were given. */
    void setOwner(NamespaceOwner owner) {
        tx.namespaces().setOwner(name, owner);
        tx.namespaceProofs().delete(name);
        tx.namespaceTransfers().delete(name);
        tx.grants().dropAll(name);
        audit("namespace.transferred", detail().put("to", owner.name()));
        tx.accessChanged();
    }

    void audit(String action, ObjectNode detail) {
        tx.audit()
                .append(
                        new AuditEntry(
                                now,
                                actor,
                                action,
                                name,
                                Optional.empty(),
                                Optional.of(RequestId.current()),
                                detail.toString()));
    }

    static ObjectNode detail() {
        return JsonNodeFactory.instance.objectNode();
    }

    NamespaceOwner account(String text) {
        return tx.accounts()
                .find(text)
                .map(found -> new NamespaceOwner.AnAccount(found.id(), found.name()))
                .orElseThrow(
                        () ->
                                new Rejection(
                                        ProblemCode.ACCOUNT_UNKNOWN,
                                        "There is no account " + text + "; check its name"));
    }

    NamespaceOwner organization(String text) {
        return tx.organizations()
                .find(text)
                .map(found -> new NamespaceOwner.AnOrganization(found.id(), found.name()))
                .orElseThrow(
                        () ->
                                new Rejection(
                                        ProblemCode.ORGANIZATION_UNKNOWN,
                                        "There is no organization " + text + "; check its name"));
    }
}
