package dev.modunest.format.trust;

import dev.modunest.format.log.VerifiedHeads;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.bundle.TlogEntry;
import dev.modunest.format.trust.root.TransparencyLog;
import dev.modunest.format.trust.root.TrustedRoot;
import dev.modunest.format.trust.statement.Statement;
import dev.modunest.format.trust.x509.AuthorityChain;
import dev.modunest.format.trust.x509.Oids;
import dev.modunest.format.trust.x509.PublisherCertificate;
import dev.modunest.format.trust.x509.Revocations;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Steps 5 to 10 for one bundle, whoever signed it: who, when, in the log, and rightly. */
final class SignatureCheck {

    private final TrustedRoot root;
    private final Revocations revocations;
    private final TimeEvidence times;
    private final VerifiedHeads heads;

    SignatureCheck(
            TrustedRoot root, Revocations revocations, TrustPolicy policy, VerifiedHeads heads) {
        this.root = root;
        this.revocations = revocations;
        this.times = new TimeEvidence(root, policy);
        this.heads = heads;
    }

    /** Decides whether a signer is the right one: step 8. */
    interface Identity {

        Optional<String> faultOf(PublisherCertificate signer);
    }

    /** A bundle whose signature is right, and by whom and when. */
    record Signed(
            ReleaseBundle bundle,
            PublisherCertificate signer,
            Instant time,
            Statement statement,
            TransparencyLog log) {}

    Signed check(byte[] json, String whose, Identity identity, Instant now, List<Fact> facts)
            throws Refusal {
        ReleaseBundle bundle = read(json);
        facts.add(
                new Fact(
                        Step.BUNDLE,
                        whose + ": a Sigstore bundle v0.3 with one signature and one certificate"));
        TimeEvidence.Proof proof = times.earliest(bundle, now);
        facts.add(
                new Fact(
                        Step.TIME,
                        whose + ": signed at or before " + proof.time() + ", by " + proof.by()));
        PublisherCertificate signer = signer(bundle, proof.time(), now);
        facts.add(
                new Fact(
                        Step.CHAIN,
                        whose
                                + ": the certificate of "
                                + signer.identity()
                                + " leads to the trust root and is not revoked for that time"));
        Optional<String> stranger = identity.faultOf(signer);
        if (stranger.isPresent()) {
            throw new Refusal(RefusalCode.IDENTITY_MISMATCH, stranger.get());
        }
        facts.add(new Fact(Step.IDENTITY, whose + ": " + signer.identity() + " may sign this"));
        TransparencyLog log = log(bundle);
        facts.add(
                new Fact(
                        Step.LOG,
                        whose
                                + ": entry "
                                + bundle.logged().map(TlogEntry::logIndex).orElse(0L)
                                + " of the log "
                                + log.name()));
        if (!bundle.envelope().isSignedBy(signer.key())) {
            throw new Refusal(
                    RefusalCode.SIGNATURE_INVALID,
                    "the statement is not signed by the key of the certificate");
        }
        facts.add(new Fact(Step.SIGNATURE, whose + ": signed with " + signer.key().algorithm()));
        return new Signed(bundle, signer, proof.time(), statement(bundle), log);
    }

    private static ReleaseBundle read(byte[] json) throws Refusal {
        try {
            return ReleaseBundle.parse(json);
        } catch (IllegalArgumentException malformed) {
            throw new Refusal(RefusalCode.BUNDLE_MALFORMED, reason(malformed));
        }
    }

    private PublisherCertificate signer(ReleaseBundle bundle, Instant made, Instant now)
            throws Refusal {
        PublisherCertificate signer;
        try {
            signer = PublisherCertificate.of(bundle.certificate());
        } catch (IllegalArgumentException another) {
            throw new Refusal(RefusalCode.CHAIN_INVALID, reason(another));
        }
        Optional<String> fault = Optional.of("the certificate is of a CA that is not trusted");
        for (AuthorityChain chain : root.authorities()) {
            if (chain.isNamedBy(signer.certificate())) {
                fault =
                        chain.faultOf(signer.certificate(), made, Oids.CODE_SIGNING)
                                .or(
                                        () ->
                                                revocations.faultOf(
                                                        signer.certificate(), chain, made, now));
                if (fault.isEmpty()) {
                    return signer;
                }
            }
        }
        throw new Refusal(RefusalCode.CHAIN_INVALID, fault.orElse("no CA is trusted"));
    }

    private TransparencyLog log(ReleaseBundle bundle) throws Refusal {
        TlogEntry entry =
                bundle.logged().orElseThrow(() -> unproven("the bundle has no entry of the log"));
        if (!Arrays.equals(entry.body().bytes(), bundle.logBody())
                || !entry.kind().equals("dsse")
                || !entry.version().equals("0.0.1")) {
            throw unproven("the entry of the log is of something else than this signature");
        }
        if (entry.proof().isEmpty() || entry.proof().get().path().index() != entry.logIndex()) {
            throw unproven("the entry of the log has no proof for its index");
        }
        Optional<String> fault = Optional.of("the entry is of a log that is not trusted");
        for (TransparencyLog log : root.logs()) {
            if (log.logId().equals(entry.logId())) {
                fault =
                        log.validFor().contains(entry.time())
                                ? log.faultOfProof(entry, heads).or(() -> log.faultOfLines(entry))
                                : Optional.of("the log is not trusted at " + entry.time());
                if (fault.isEmpty()) {
                    return log;
                }
            }
        }
        throw unproven(fault.orElse("no log is trusted"));
    }

    private static Statement statement(ReleaseBundle bundle) throws Refusal {
        try {
            return Statement.parse(bundle.envelope());
        } catch (IllegalArgumentException malformed) {
            throw new Refusal(RefusalCode.SUBJECT_MISMATCH, reason(malformed));
        }
    }

    private static Refusal unproven(String reason) {
        return new Refusal(RefusalCode.LOG_UNPROVEN, reason);
    }

    static String reason(IllegalArgumentException fault) {
        return String.valueOf(fault.getMessage());
    }
}
