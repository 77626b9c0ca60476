package dev.modunest.format.trust;

import java.util.Arrays;
import java.util.Optional;

/** How much is proven of a release, from least to most. */
public enum TrustLevel {
    /** Blocked: quarantined or refused. */
    PS_L0("blocked"),
    /** The registry vouches for its digest, and no publisher does. Never loaded by default. */
    PS_L1("the registry's word alone"),
    /** Signed by its publisher, checked by the registry, in the log. */
    PS_L2("signed by its publisher, checked by the registry, logged"),
    /** Also built by a CI job that is known by its repository, with provenance. */
    PS_L3("built by a known CI job, with provenance"),
    /** Also seen by witnesses of the log, signed by a second publisher, reviewed. */
    PS_L4("witnessed, signed by two, reviewed");

    private final String meaning;

    TrustLevel(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() {
        return meaning;
    }

    public boolean isAtLeast(TrustLevel other) {
        return compareTo(other) >= 0;
    }

    static Optional<TrustLevel> tryParse(String name) {
        return Arrays.stream(values()).filter(level -> level.name().equals(name)).findFirst();
    }
}
