package dev.modunest.server.ceremony;

import dev.modunest.server.trust.IssuingAuthority;
import dev.modunest.server.trust.TrustFile;

/** What the offline root certifies. */
public sealed interface Certified {

    /** An issuing authority, {@code i1}. */
    record Issuing(String id) implements Certified {
        public Issuing {
            IssuingAuthority.requireId(id);
        }
    }

    /** The time stamping authority. */
    record TimeStamping() implements Certified {}

    /** Of its files. */
    default String fileName() {
        return switch (this) {
            case Issuing(String id) -> "issuing-" + id;
            case TimeStamping _ -> TrustFile.TIME_STAMPING;
        };
    }
}
