package dev.modunest.format.trust;

import dev.modunest.format.log.SignedCheckpoint;
import dev.modunest.format.trust.statement.ReleaseStatement;
import dev.modunest.format.trust.statement.VerificationSummary;
import dev.modunest.format.trust.x509.PublisherCertificate;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is decided of a release, with everything that was found on the way. */
public sealed interface Verdict {

    /** What holds, in the order in which it was checked. */
    List<Fact> facts();

    /**
     * The release is what it says.
     *
     * @param publisher who signed; empty at {@link TrustLevel#PS_L1}
     * @param signed at or before this time
     * @param release what the publisher said; empty at {@link TrustLevel#PS_L1}
     * @param head of the log that has the registry's summary, to be held against the one seen last
     */
    record Trusted(
            TrustLevel level,
            Optional<PublisherCertificate> publisher,
            Instant signed,
            Optional<ReleaseStatement> release,
            VerificationSummary summary,
            SignedCheckpoint head,
            List<Fact> facts)
            implements Verdict {

        public Trusted {
            facts = List.copyOf(facts);
        }
    }

    /** It must not be loaded. */
    record Refused(RefusalCode code, String reason, List<Fact> facts) implements Verdict {

        public Refused {
            facts = List.copyOf(facts);
        }

        public Step step() {
            return code.step();
        }

        public String fix() {
            return code.fix();
        }

        @Override
        public String toString() {
            return code.text() + ": " + reason + "; " + code.fix();
        }
    }
}
