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
import dev.modunest.server.x509.Authority;
import dev.modunest.server.x509.RegistryNames;

import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.time.Instant;
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

    /** What a publisher said of a release. */
    public NewLeaf publisher(Coordinate release, ReleaseBundle bundle, Instant at) {
        return leaf(LeafKind.PUBLISHER, bundle, Optional.of(release), at);
    }

    /**
     * That the registry checked a release by {@link CheckPolicy} and found it good.
     *
     * @param signed what its publisher said; empty: nobody signed it
     */
    public NewLeaf passed(
            Coordinate release, Digest artifact, Optional<ReleaseBundle> signed, Instant at) {
        TrustLevel level = signed.isPresent() ? TrustLevel.PS_L2 : TrustLevel.PS_L1;
        return summary(release, artifact, signed, true, level, at);
    }

    /** That a release is taken down. */
    public NewLeaf failed(Coordinate release, Digest artifact, Instant at) {
        return summary(release, artifact, Optional.empty(), false, TrustLevel.PS_L0, at);
    }

    private NewLeaf summary(
            Coordinate release,
            Digest artifact,
            Optional<ReleaseBundle> signed,
            boolean passed,
            TrustLevel level,
            Instant at) {
        VerificationSummary summary =
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
                        signed.map(bundle -> input(release, bundle)).stream().toList(),
                        passed,
                        List.of(level.name()));
        LeafKind kind = passed ? LeafKind.REGISTRY : LeafKind.ACT;
        return leaf(kind, sign(summary.statement()), Optional.of(release), at);
    }

    private VerificationSummary.Input input(Coordinate release, ReleaseBundle bundle) {
        return new VerificationSummary.Input(
                names.issuer()
                        + "/artifacts/"
                        + release.plugin()
                        + "/"
                        + release.version()
                        + "/"
                        + release.fileName()
                        + ".sigstore.json",
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
