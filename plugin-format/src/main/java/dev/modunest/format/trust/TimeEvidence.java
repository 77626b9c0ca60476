package dev.modunest.format.trust;

import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.bundle.TlogEntry;
import dev.modunest.format.trust.json.Octets;
import dev.modunest.format.trust.root.TransparencyLog;
import dev.modunest.format.trust.root.TrustedRoot;
import dev.modunest.format.trust.stamp.TimeStampAuthority;
import dev.modunest.format.trust.stamp.TimeStampToken;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Step 6: when a signature existed at the latest, by a time stamp over it or the log's promise. */
final class TimeEvidence {

    private final TrustedRoot root;
    private final TrustPolicy policy;

    TimeEvidence(TrustedRoot root, TrustPolicy policy) {
        this.root = root;
        this.policy = policy;
    }

    /** One proof of a time. */
    record Proof(Instant time, String by) {}

    /** The earliest; every piece that is there must be right. */
    Proof earliest(ReleaseBundle bundle, Instant now) throws Refusal {
        List<Proof> proofs = new ArrayList<>();
        for (Octets stamp : bundle.timeStamps()) {
            proofs.add(ofStamp(stamp.bytes(), bundle.envelope().signature()));
        }
        if (bundle.logged().flatMap(TlogEntry::promise).isPresent()) {
            proofs.add(ofPromise(bundle.logged().get()));
        }
        for (Proof proof : proofs) {
            if (proof.time().isAfter(now.plus(policy.skew()))) {
                throw refused("the evidence is of " + proof.time() + " and it is " + now);
            }
        }
        return proofs.stream()
                .min(Comparator.comparing(Proof::time))
                .orElseThrow(() -> refused("there is neither a time stamp nor the log's promise"));
    }

    private Proof ofStamp(byte[] response, byte[] signature) throws Refusal {
        TimeStampToken token;
        try {
            token = TimeStampToken.parse(response);
        } catch (IllegalArgumentException malformed) {
            throw refused("a time stamp is malformed: " + malformed.getMessage());
        }
        Optional<String> fault = Optional.of("the time stamp is of nobody who is trusted");
        for (TimeStampAuthority authority : root.timeStampAuthorities()) {
            if (authority.signerOf(token).isPresent()) {
                fault = authority.faultOf(token, signature);
                if (fault.isEmpty()) {
                    break;
                }
            }
        }
        if (fault.isPresent()) {
            throw refused(fault.get());
        }
        return new Proof(token.info().latest(), "the time stamp of a trusted authority");
    }

    private Proof ofPromise(TlogEntry entry) throws Refusal {
        Optional<String> fault = Optional.of("the promise is of a log that is not trusted");
        for (TransparencyLog log : root.logs()) {
            if (log.logId().equals(entry.logId())) {
                fault =
                        log.validFor().contains(entry.time())
                                ? log.faultOfPromise(entry)
                                : Optional.of("the log is not trusted at " + entry.time());
                if (fault.isEmpty()) {
                    break;
                }
            }
        }
        if (fault.isPresent()) {
            throw refused(fault.get());
        }
        return new Proof(entry.time(), "the promise of the log");
    }

    private static Refusal refused(String reason) {
        return new Refusal(RefusalCode.TIME_UNPROVEN, reason);
    }
}
