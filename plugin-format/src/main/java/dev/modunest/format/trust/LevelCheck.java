package dev.modunest.format.trust;

import dev.modunest.format.trust.json.Octets;
import dev.modunest.format.trust.statement.BuildProvenance;
import dev.modunest.format.trust.statement.ReleaseStatement;
import dev.modunest.format.trust.statement.VerificationSummary;

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
                    signatures.check(more.bytes(), "further", owner::faultOfIdentity, now, facts);
            if (!ReleaseVerifier.names(summary, signed.bundle().publisherDigest())) {
                throw new Refusal(
                        RefusalCode.VSA_INVALID, "the registry did not check a further bundle");
            }
            if (signed.statement().predicateType().equals(BuildProvenance.TYPE)) {
                provenance |= isBuilt(signed, evidence, owner, facts);
            } else {
                second |= isSecond(signed, evidence, owner, publication, facts);
            }
        }
        int missing = summary.inputs().size() - 1 - evidence.more().size();
        if (missing > 0) {
            facts.add(
                    new Fact(
                            Step.SUMMARY,
                            "bundles that the registry checked and that are not at hand: "
                                    + missing));
        }
        return new Extras(provenance, second);
    }

    private boolean isBuilt(
            SignatureCheck.Signed signed,
            ReleaseEvidence evidence,
            NamespaceOwner owner,
            List<Fact> facts)
            throws Refusal {
        BuildProvenance provenance;
        try {
            provenance = BuildProvenance.of(signed.statement());
        } catch (IllegalArgumentException malformed) {
            throw mismatch(SignatureCheck.reason(malformed));
        }
        if (!provenance.artifact().equals(evidence.artifact())) {
            throw mismatch("the provenance is of another artifact");
        }
        Optional<String> fault =
                policy.builderPolicy().faultOf(signed.signer(), provenance, owner.repositoryIds());
        facts.add(
                new Fact(
                        Step.SUMMARY,
                        fault.map(why -> "provenance that does not count: " + why)
                                .orElseGet(
                                        () ->
                                                "provenance: built by "
                                                        + provenance.builder()
                                                        + signed.signer()
                                                                .sourceRepositoryUri()
                                                                .map(uri -> " from " + uri)
                                                                .orElse(""))));
        return fault.isEmpty();
    }

    /** The same release, signed with another key of the owner. */
    private boolean isSecond(
            SignatureCheck.Signed signed,
            ReleaseEvidence evidence,
            NamespaceOwner owner,
            ReleaseVerifier.Publication publication,
            List<Fact> facts)
            throws Refusal {
        release(signed, evidence);
        Optional<String> stranger =
                owner.faultOfPublisher(signed.signer(), policy.registryIssuer());
        if (stranger.isPresent()) {
            throw new Refusal(RefusalCode.IDENTITY_MISMATCH, stranger.get());
        }
        boolean another = !signed.signer().key().equals(publication.signer().key());
        facts.add(
                new Fact(
                        Step.SUMMARY,
                        another
                                ? "second signature: with the key " + signed.signer().key().id()
                                : "second signature that does not count: it is of the same key"));
        return another;
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
