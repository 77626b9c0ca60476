package dev.modunest.loader.trust;

import dev.modunest.loader.TrustMode;
import dev.modunest.loader.TrustWarning;

import java.util.ArrayList;
import java.util.List;

/** What the steps found of one release. Not thread-safe. */
final class Findings {

    private static final int FIRST_OF_EVIDENCE = 5;
    private static final int LAST_OF_EVIDENCE = 11;

    private final TrustMode mode;
    private final List<CheckedFact> facts = new ArrayList<>();
    private final List<TrustWarning> warnings = new ArrayList<>();

    Findings(TrustMode mode) {
        this.mode = mode;
    }

    void holds(int step, String text) {
        facts.add(new CheckedFact(step, text));
    }

    /** Notes that a step failed; ends the verification when the mode has it refused. */
    void fails(int step, Fault.Kind kind, String code, String reason) throws TrustException {
        if (kind.isRefusedBy(mode)) {
            throw new TrustException(
                    code, reason, step >= FIRST_OF_EVIDENCE && step <= LAST_OF_EVIDENCE);
        }
        warnings.add(new TrustWarning(code, reason));
    }

    void fails(int step, Fault fault) throws TrustException {
        fails(step, fault.kind(), fault.code(), fault.reason());
    }

    List<CheckedFact> facts() {
        return List.copyOf(facts);
    }

    List<TrustWarning> warnings() {
        return List.copyOf(warnings);
    }
}
