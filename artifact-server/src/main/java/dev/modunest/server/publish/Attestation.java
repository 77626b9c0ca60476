package dev.modunest.server.publish;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.modunest.db.Account;
import dev.modunest.db.NewRelease;
import dev.modunest.db.Transaction;
import dev.modunest.db.trust.NewLeaf;
import dev.modunest.server.attest.Attestor;
import dev.modunest.server.attest.SignedRelease;
import dev.modunest.server.transparency.Transparency;
import dev.modunest.server.trust.RegistryActs;

import java.time.Instant;
import java.util.List;

/** Has what is said of a release logged with it, and waits for the log. Thread-safe. */
final class Attestation {

    private final Attestor attestor;
    private final Transparency log;
    private final RegistryActs acts;

    Attestation(Attestor attestor, Transparency log, RegistryActs acts) {
        this.attestor = attestor;
        this.log = log;
        this.acts = acts;
    }

    /** The leaves of a release: what was signed of it, and last what the registry says. */
    List<NewLeaf> leaves(NewRelease release, SignedRelease signed) {
        return attestor.passed(
                release.manifest().coordinate(), release.digest(), signed, release.publishedAt());
    }

    void append(Transaction tx, List<NewLeaf> leaves) {
        leaves.forEach(leaf -> log.append(tx, leaf));
    }

    /** Has the log tell who claimed a namespace by publishing there. */
    void claimed(Transaction tx, String namespace, Account owner, Instant at) {
        acts.record(
                tx,
                "namespace.claimed",
                namespace,
                JsonNodeFactory.instance.objectNode().put("owner", owner.name()),
                at);
    }

    /** Waits until everybody may see them. */
    void await(List<NewLeaf> leaves) {
        log.awaitPublished(leaves.getLast());
    }

    /** Waits until everybody may see all that is committed. */
    void awaitAll() {
        log.awaitPublished();
    }
}
