package dev.modunest.format.trust;

import dev.modunest.format.Digest;
import dev.modunest.format.log.VerifiedHeads;
import dev.modunest.format.trust.json.Octets;
import dev.modunest.format.trust.root.TrustedRoot;
import dev.modunest.format.trust.statement.Purl;
import dev.modunest.format.trust.statement.ReleaseStatement;
import dev.modunest.format.trust.statement.VerificationSummary;
import dev.modunest.format.trust.x509.PublisherCertificate;
import dev.modunest.format.trust.x509.RevocationList;
import dev.modunest.format.trust.x509.Revocations;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides whether a release is what its publisher and the registry signed: steps 5 to 11 of
 * docs/format/trust.md, without I/O, failing closed. What is trusted is read and checked once,
 * here. Thread-safe.
 */
public final class ReleaseVerifier {

    private final TrustPolicy policy;
    private final SignatureCheck signatures;
    private final LogProofCheck proofs;
    private final LevelCheck levels;

    public ReleaseVerifier(TrustedRoot root, List<RevocationList> revoked, TrustPolicy policy) {
        this.policy = policy;
        VerifiedHeads heads = new VerifiedHeads();
        this.signatures =
                new SignatureCheck(
                        root, new Revocations(root.authorities(), revoked), policy, heads);
        this.proofs = new LogProofCheck(root, policy, heads);
        this.levels = new LevelCheck(signatures, policy);
    }

    /**
     * The decision at the time {@code now}; {@code owner} is of the namespace that is asked for.
     */
    public Verdict verify(ReleaseEvidence evidence, NamespaceOwner owner, Instant now) {
        List<Fact> facts = new ArrayList<>();
        try {
            return decide(evidence, owner, now, facts);
        } catch (Refusal refusal) {
            return new Verdict.Refused(refusal.code(), refusal.reason(), facts);
        } catch (IllegalArgumentException malformed) {
            // Parsers say no where they are called; a value that is read later says it here.
            return new Verdict.Refused(
                    RefusalCode.BUNDLE_MALFORMED, SignatureCheck.reason(malformed), facts);
        }
    }

    private Verdict decide(
            ReleaseEvidence evidence, NamespaceOwner owner, Instant now, List<Fact> facts)
            throws Refusal {
        if (!owner.namespace().equals(evidence.coordinate().plugin().namespace())) {
            throw new Refusal(
                    RefusalCode.IDENTITY_MISMATCH,
                    "the owner at hand is of the namespace " + owner.namespace());
        }
        Optional<Publication> publication = Optional.empty();
        if (evidence.publisherBundle().isPresent()) {
            publication =
                    Optional.of(
                            publication(
                                    evidence.publisherBundle().get(), evidence, owner, now, facts));
        }
        SignatureCheck.Signed registry =
                signatures.check(
                        evidence.summaryBundle().bytes(),
                        "registry",
                        this::faultOfRegistry,
                        now,
                        facts);
        VerificationSummary summary = summary(registry, evidence, publication, facts);
        LogProofCheck.Head head =
                proofs.check(
                        evidence.logProof(),
                        registry.bundle(),
                        registry.log(),
                        registry.time(),
                        facts);
        TrustLevel level =
                levels.level(evidence, owner, publication, summary, head.witnesses(), now, facts);
        if (!level.isAtLeast(policy.minimum())) {
            throw new Refusal(
                    RefusalCode.LEVEL_TOO_LOW,
                    "the release is at " + level + " and " + policy.minimum() + " is demanded");
        }
        return new Verdict.Trusted(
                level,
                publication.map(Publication::signer),
                publication.map(Publication::time).orElse(registry.time()),
                publication.map(Publication::release),
                summary,
                head.checkpoint(),
                facts);
    }

    /** What a publisher signed. */
    record Publication(
            PublisherCertificate signer, Instant time, ReleaseStatement release, Digest digest) {}

    private Publication publication(
            Octets bundle,
            ReleaseEvidence evidence,
            NamespaceOwner owner,
            Instant now,
            List<Fact> facts)
            throws Refusal {
        SignatureCheck.Signed signed =
                signatures.check(
                        bundle.bytes(),
                        "publisher",
                        signer -> owner.faultOfPublisher(signer, policy.registryIssuer()),
                        now,
                        facts);
        ReleaseStatement release = LevelCheck.release(signed, evidence);
        facts.add(
                new Fact(
                        Step.SUBJECT,
                        "publisher: "
                                + evidence.artifact()
                                + " is "
                                + Purl.of(release.coordinate())));
        return new Publication(
                signed.signer(), signed.time(), release, signed.bundle().publisherDigest());
    }

    private Optional<String> faultOfRegistry(PublisherCertificate signer) {
        return signer.identity().equals(policy.registryIdentity())
                        && signer.issuer().equals(policy.registryIssuer())
                ? Optional.empty()
                : Optional.of(
                        signer.identity()
                                + " signed the summary and "
                                + policy.registryIdentity()
                                + " must");
    }

    private VerificationSummary summary(
            SignatureCheck.Signed registry,
            ReleaseEvidence evidence,
            Optional<Publication> publication,
            List<Fact> facts)
            throws Refusal {
        VerificationSummary summary;
        try {
            summary = VerificationSummary.of(registry.statement());
        } catch (IllegalArgumentException malformed) {
            throw invalid(SignatureCheck.reason(malformed));
        }
        if (!summary.coordinate().equals(evidence.coordinate())
                || !summary.artifact().equals(evidence.artifact())) {
            throw invalid(
                    "the summary is of " + summary.artifact() + " as " + summary.coordinate());
        }
        if (!summary.verifier().equals(policy.registryIdentity())) {
            throw invalid("the summary is by " + summary.verifier());
        }
        if (!policy.policies().contains(summary.policy())) {
            throw invalid("the registry checked by rules that are not known: " + summary.policy());
        }
        if (!summary.passed()) {
            throw new Refusal(
                    RefusalCode.VSA_FAILED, "the registry says FAILED, at " + summary.time());
        }
        if (publication.isPresent() && !names(summary, publication.get().digest())) {
            throw invalid("the registry checked another bundle of the publisher");
        }
        facts.add(
                new Fact(
                        Step.SUMMARY,
                        "registry: PASSED at "
                                + summary.time()
                                + " by the rules "
                                + summary.policyUri()
                                + ", for this bundle of the publisher"));
        return summary;
    }

    static boolean names(VerificationSummary summary, Digest bundle) {
        return summary.inputs().stream().anyMatch(input -> input.digest().equals(bundle));
    }

    private static Refusal invalid(String reason) {
        return new Refusal(RefusalCode.VSA_INVALID, reason);
    }
}
