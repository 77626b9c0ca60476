package dev.modunest.server.attest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.modunest.db.trust.LeafKind;
import dev.modunest.db.trust.NewLeaf;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.trust.TrustLevel;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.json.Octets;
import dev.modunest.format.trust.statement.DsseEnvelope;
import dev.modunest.format.trust.statement.RegistryAct;
import dev.modunest.format.trust.statement.Statement;
import dev.modunest.format.trust.statement.VerificationSummary;
import dev.modunest.format.trust.x509.Certificate;
import dev.modunest.server.artifact.StoredObject.ReleaseFile;
import dev.modunest.server.x509.Authority;
import dev.modunest.server.x509.RegistryNames;

import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Signs what the registry says, and makes leaves of the log of it. Thread-safe. */
public final class Attestor {

    private final RegistryNames names;
    private final Authority registry;
    private final Certificate certificate;
    private final TimeStamps stamps;

    public Attestor(RegistryNames names, Authority registry, TimeStamps stamps) {
        this.names = names;
        this.registry = registry;
        this.stamps = stamps;
        this.certificate = certificate(registry);
    }

    private static Certificate certificate(Authority registry) {
        try {
            return Certificate.parse(registry.certificate().getEncoded());
        } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException("a certificate that was read is written", impossible);
        }
    }

    /**
     * What was signed of a release, and last that the registry checked it by {@link CheckPolicy}
     * and found it good.
     */
    public List<NewLeaf> passed(
            Coordinate release, Digest artifact, SignedRelease signed, Instant at) {
        List<NewLeaf> leaves = new ArrayList<>();
        List<VerificationSummary.Input> inputs = new ArrayList<>();
        for (SignedRelease.Part part : signed.parts()) {
            leaves.add(leaf(part.kind(), part.bundle(), Optional.of(release), at));
            inputs.add(input(new ReleaseFile(release, part.file()), part.bundle()));
        }
        leaves.add(
                leaf(
                        LeafKind.REGISTRY,
                        summary(release, artifact, inputs, true, signed.level(), at),
                        Optional.of(release),
                        at));
        return leaves;
    }

    /** That a release is taken down. */
    public NewLeaf failed(Coordinate release, Digest artifact, Instant at) {
        return leaf(
                LeafKind.ACT,
                summary(release, artifact, List.of(), false, TrustLevel.PS_L0, at),
                Optional.of(release),
                at);
    }

    private ReleaseBundle summary(
            Coordinate release,
            Digest artifact,
            List<VerificationSummary.Input> inputs,
            boolean passed,
            TrustLevel level,
            Instant at) {
        return sign(
                new VerificationSummary(
                                release,
                                artifact,
                                names.registry().toString(),
                                at,
                                names.issuer()
                                        + "/tuf/targets/"
                                        + CheckPolicy.digest().hex()
                                        + ".policy.json",
                                CheckPolicy.digest(),
                                inputs,
                                passed,
                                List.of(level.name()))
                        .statement());
    }

    private VerificationSummary.Input input(ReleaseFile file, ReleaseBundle bundle) {
        return new VerificationSummary.Input(
                names.issuer()
                        + "/artifacts/"
                        + file.release().plugin()
                        + "/"
                        + file.release().version()
                        + "/"
                        + file.name(),
                bundle.publisherDigest());
    }

    /**
     * Another act of the registry.
     *
     * @param release that it is about: who may not read that may not read the statement
     */
    NewLeaf act(RegistryAct act, Optional<Coordinate> release) {
        return leaf(LeafKind.ACT, sign(act.statement()), release, act.at());
    }

    /** That a log begins. */
    public NewLeaf genesis(String origin, Instant at) {
        RegistryAct act =
                new RegistryAct(
                        "log-opened",
                        "log",
                        origin,
                        Digest.ofBytes(origin.getBytes(StandardCharsets.UTF_8)),
                        at,
                        JsonNodeFactory.instance.objectNode());
        return leaf(LeafKind.GENESIS, sign(act.statement()), Optional.empty(), act.at());
    }

    private ReleaseBundle sign(Statement statement) {
        return new ReleaseBundle(DsseEnvelope.sign(statement, registry.signer()), certificate);
    }

    private NewLeaf leaf(
            LeafKind kind, ReleaseBundle bundle, Optional<Coordinate> release, Instant at) {
        ReleaseBundle stamped =
                new ReleaseBundle(
                        bundle.envelope(),
                        bundle.certificate(),
                        Optional.empty(),
                        List.of(Octets.of(stamps.stamp(bundle.envelope().signature()))));
        return new NewLeaf(
                kind,
                bundle.logBody(),
                new String(stamped.bytes(), StandardCharsets.UTF_8),
                bundle.envelope().payloadDigest(),
                release,
                at);
    }
}
