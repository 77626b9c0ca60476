package dev.modunest.format.trust;

import dev.modunest.format.trust.json.Octets;
import dev.modunest.format.trust.statement.BuildProvenance;
import dev.modunest.format.trust.statement.ReleaseStatement;
import dev.modunest.format.trust.statement.VerificationSummary;
import dev.modunest.format.trust.x509.PublisherCertificate;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Which trust level the facts amount to; never more than the registry found. */
final class LevelCheck {

    private static final int WITNESSES = 2;

    private final SignatureCheck signatures;
    private final TrustPolicy policy;

    LevelCheck(SignatureCheck signatures, TrustPolicy policy) {
        this.signatures = signatures;
        this.policy = policy;
    }

    TrustLevel level(
            ReleaseEvidence evidence,
            NamespaceOwner owner,
            Optional<ReleaseVerifier.Publication> publication,
            VerificationSummary summary,
            int witnesses,
            Instant now,
            List<Fact> facts)
            throws Refusal {
        TrustLevel found =
                summary.levels().stream()
                        .flatMap(name -> TrustLevel.tryParse(name).stream())
                        .max(TrustLevel::compareTo)
                        .orElse(TrustLevel.PS_L0);
        TrustLevel proven = TrustLevel.PS_L1;
        if (publication.isPresent()) {
            proven = TrustLevel.PS_L2;
            Extras extras = extras(evidence, owner, publication.get(), summary, now, facts);
            if (extras.provenance()) {
                proven = TrustLevel.PS_L3;
                if (extras.secondSigner() && witnesses >= WITNESSES) {
                    proven = TrustLevel.PS_L4;
                }
            }
        }
        TrustLevel level = found.compareTo(proven) < 0 ? found : proven;
        facts.add(
                new Fact(
                        Step.SUMMARY,
                        "level "
                                + level
                                + " ("
                                + level.meaning()
                                + "); the registry found "
                                + found));
        return level;
    }

    /** What the further bundles prove. */
    private record Extras(boolean provenance, boolean secondSigner) {}

    private Extras extras(
            ReleaseEvidence evidence,
            NamespaceOwner owner,
            ReleaseVerifier.Publication publication,
            VerificationSummary summary,
            Instant now,
            List<Fact> facts)
            throws Refusal {
        boolean provenance = false;
        boolean second = false;
        for (Octets more : evidence.more()) {
            SignatureCheck.Signed signed =
                    signatures.check(
                            more.bytes(), "further", signer -> stranger(signer, owner), now, facts);
            if (!ReleaseVerifier.names(summary, signed.bundle().publisherDigest())) {
                throw new Refusal(
                        RefusalCode.VSA_INVALID, "the registry did not check a further bundle");
            }
            if (signed.statement().predicateType().equals(BuildProvenance.TYPE)) {
                provenance |= isBuilt(signed, evidence, owner);
            } else {
                release(signed, evidence);
                second |= !signed.signer().key().equals(publication.signer().key());
            }
        }
        return new Extras(provenance, second);
    }

    private static Optional<String> stranger(PublisherCertificate signer, NamespaceOwner owner) {
        return owner.identities().contains(signer.identity())
                ? Optional.empty()
                : Optional.of(signer.identity() + " signed, and does not own " + owner.namespace());
    }

    private boolean isBuilt(
            SignatureCheck.Signed signed, ReleaseEvidence evidence, NamespaceOwner owner)
            throws Refusal {
        BuildProvenance provenance;
        try {
            provenance = BuildProvenance.of(signed.statement());
        } catch (IllegalArgumentException malformed) {
            throw new Refusal(RefusalCode.SUBJECT_MISMATCH, SignatureCheck.reason(malformed));
        }
        if (!provenance.artifact().equals(evidence.artifact())) {
            throw new Refusal(
                    RefusalCode.SUBJECT_MISMATCH, "the provenance is of another artifact");
        }
        boolean fromCi = !signed.signer().issuer().equals(policy.registryIssuer());
        boolean pinned =
                signed.signer()
                        .sourceRepositoryId()
                        .map(owner.repositoryIds()::contains)
                        .orElse(false);
        boolean known = policy.builders().stream().anyMatch(provenance.builder()::startsWith);
        return fromCi && pinned && known;
    }

    /** Step 10: the statement is of this release. */
    static ReleaseStatement release(SignatureCheck.Signed signed, ReleaseEvidence evidence)
            throws Refusal {
        ReleaseStatement release;
        try {
            release = ReleaseStatement.of(signed.statement());
        } catch (IllegalArgumentException malformed) {
            throw mismatch(SignatureCheck.reason(malformed));
        }
        if (!release.artifact().equals(evidence.artifact())) {
            throw mismatch(
                    "the publisher signed "
                            + release.artifact()
                            + " and the artifact is "
                            + evidence.artifact());
        }
        if (!release.coordinate().equals(evidence.coordinate())) {
            throw mismatch(
                    "the publisher signed it as "
                            + release.coordinate()
                            + " and "
                            + evidence.coordinate()
                            + " is asked for");
        }
        return release;
    }

    private static Refusal mismatch(String reason) {
        return new Refusal(RefusalCode.SUBJECT_MISMATCH, reason);
    }
}
