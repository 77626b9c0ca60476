package dev.modunest.server.attest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Transaction;
import dev.modunest.format.CanonicalJson;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.trust.statement.RegistryAct;
import dev.modunest.server.transparency.Transparency;
import dev.modunest.server.trust.RegistryActs;

import java.time.Instant;
import java.util.Optional;

/** Has the acts of the registry signed and logged. Thread-safe. */
public final class RegistryLog implements RegistryActs {

    private final Attestor attestor;
    private final Transparency log;

    public RegistryLog(Attestor attestor, Transparency log) {
        this.attestor = attestor;
        this.log = log;
    }

    @Override
    public void record(Transaction tx, String act, String subject, ObjectNode detail, Instant at) {
        Digest digest =
                CanonicalJson.digest(JsonNodeFactory.instance.objectNode().put("name", subject));
        log.append(tx, attestor.act(act(act, subject, digest, detail, at), Optional.empty()));
    }

    /** Records what became of a release; the statement is readable to who may read the release. */
    public void recordOfRelease(
            Transaction tx,
            String act,
            Coordinate release,
            Digest artifact,
            Optional<String> reason,
            Instant at) {
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        reason.ifPresent(text -> detail.put("reason", text));
        log.append(
                tx,
                attestor.act(
                        act(act, release.toString(), artifact, detail, at), Optional.of(release)));
    }

    /**
     * Records that the registry does not vouch for a release any more: a summary that it failed.
     */
    public void recordTakedown(Transaction tx, Coordinate release, Digest artifact, Instant at) {
        log.append(tx, attestor.failed(release, artifact, at));
    }

    /** {@code certificate.issued} is of a certificate. */
    private static RegistryAct act(
            String act, String subject, Digest digest, ObjectNode detail, Instant at) {
        String kind = act.substring(0, act.indexOf('.'));
        return new RegistryAct(act.replace('.', '-'), kind, subject, digest, at, detail);
    }
}
