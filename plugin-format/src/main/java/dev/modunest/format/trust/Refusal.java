package dev.modunest.format.trust;

/** Leaves a step that found a fault; never leaves the package. */
final class Refusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final RefusalCode code;
    private final String reason;

    Refusal(RefusalCode code, String reason) {
        super(reason, null, false, false);
        this.code = code;
        this.reason = reason;
    }

    RefusalCode code() {
        return code;
    }

    String reason() {
        return reason;
    }
}
