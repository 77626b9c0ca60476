package dev.modunest.server.trust;

import java.util.List;

/** A trust directory that cannot be used: all that is wrong with it. */
public final class TrustException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> faults;

    TrustException(String directory, List<String> faults) {
        super("the trust directory " + directory + ":\n  - " + String.join("\n  - ", faults));
        this.faults = List.copyOf(faults);
    }

    public List<String> faults() {
        return faults;
    }
}
