package dev.modunest.format.trust;

import dev.modunest.format.log.LogProof;
import dev.modunest.format.log.NoteKey;
import dev.modunest.format.log.SignedCheckpoint;
import dev.modunest.format.log.VerifiedHeads;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.bundle.TlogEntry;
import dev.modunest.format.trust.root.TransparencyLog;
import dev.modunest.format.trust.root.TrustedRoot;

import java.time.Instant;
import java.util.List;

/** Step 9 for the registry's summary: the full head of the log, with all keys and witnesses. */
final class LogProofCheck {

    private final TrustedRoot root;
    private final TrustPolicy policy;
    private final VerifiedHeads heads;

    LogProofCheck(TrustedRoot root, TrustPolicy policy, VerifiedHeads heads) {
        this.root = root;
        this.policy = policy;
        this.heads = heads;
    }

    /** A head that has the summary, and how many witnesses co-signed it. */
    record Head(SignedCheckpoint checkpoint, int witnesses) {}

    Head check(
            String text, ReleaseBundle summary, TransparencyLog log, Instant time, List<Fact> facts)
            throws Refusal {
        LogProof proof = read(text);
        if (proof.proof().index() != summary.logged().map(TlogEntry::logIndex).orElse(-1L)
                || !proof.proves(summary.logBody())) {
            throw unproven("the proof is not for the registry's summary");
        }
        SignedCheckpoint head = proof.checkpoint();
        List<NoteKey> keys =
                root.logs().stream()
                        .filter(each -> each.name().equals(log.name()))
                        .filter(each -> each.validFor().contains(time))
                        .map(TransparencyLog::noteKey)
                        .toList();
        for (NoteKey key : keys) {
            requireSigned(head, key);
        }
        if (!head.checkpoint().origin().equals(log.name())) {
            throw unproven("the proof is of the log " + head.checkpoint().origin());
        }
        List<NoteKey> further = further(log);
        for (NoteKey key : further) {
            requireSigned(head, key);
        }
        int witnesses =
                (int) policy.witnesses().stream().filter(key -> heads.isSigned(head, key)).count();
        if (witnesses < policy.quorum()) {
            throw new Refusal(
                    RefusalCode.WITNESSES_MISSING,
                    witnesses + " witnesses co-signed the log and " + policy.quorum() + " must");
        }
        facts.add(
                new Fact(
                        Step.LOG,
                        "the summary is in the log of "
                                + head.checkpoint().size()
                                + " entries, signed with "
                                + (keys.size() + further.size())
                                + " keys of the log and "
                                + witnesses
                                + " witnesses"));
        return new Head(head, witnesses);
    }

    /** Of this log; one of which none is told is not one that needs none. */
    private List<NoteKey> further(TransparencyLog log) throws Refusal {
        List<NoteKey> keys =
                policy.logKeys().stream().filter(key -> key.name().equals(log.name())).toList();
        if (keys.isEmpty() && !policy.logKeys().isEmpty()) {
            throw unproven("no further key is told of the log " + log.name());
        }
        return keys;
    }

    private static LogProof read(String text) throws Refusal {
        try {
            return LogProof.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw unproven("the proof is malformed: " + malformed.getMessage());
        }
    }

    private void requireSigned(SignedCheckpoint head, NoteKey key) throws Refusal {
        if (!heads.isSigned(head, key)) {
            throw unproven(
                    "the head of the log is not signed with its " + key.key().algorithm() + " key");
        }
    }

    private static Refusal unproven(String reason) {
        return new Refusal(RefusalCode.LOG_UNPROVEN, reason);
    }
}
