package dev.modunest.loader.trust;

import dev.modunest.loader.TrustMode;
import dev.modunest.loader.TrustWarning;

/** A step that failed. */
record Fault(Kind kind, String code, String reason) {

    /** What is the matter, from the worst on. */
    enum Kind {
        /** Other bytes than were published. */
        DAMAGED,
        /** Taken down. */
        REVOKED,
        /** Not as it must be: somebody may be lying. */
        WRONG,
        /** Not there, or not there any more. */
        MISSING;

        boolean isRefusedBy(TrustMode mode) {
            return switch (mode) {
                case STRICT -> true;
                case PERMISSIVE -> this != MISSING;
                case AUDIT -> this == DAMAGED || this == REVOKED;
                case SKIP -> false;
            };
        }
    }

    TrustWarning warning() {
        return new TrustWarning(code, reason);
    }
}
