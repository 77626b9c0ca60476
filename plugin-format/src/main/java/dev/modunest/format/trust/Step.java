package dev.modunest.format.trust;

/** The steps of the decision, in their order, with their numbers in docs/format/trust.md. */
public enum Step {
    BUNDLE(5, "the bundle is read"),
    TIME(6, "the time of the signature is proven"),
    CHAIN(7, "the certificate was good at that time"),
    IDENTITY(8, "the signer may sign for the namespace"),
    LOG(9, "the signature is in the log"),
    SIGNATURE(10, "the signature is right"),
    SUBJECT(10, "what is signed is this release"),
    SUMMARY(11, "the registry checked this release");

    private final int number;
    private final String claim;

    Step(int number, String claim) {
        this.number = number;
        this.claim = claim;
    }

    public int number() {
        return number;
    }

    public String claim() {
        return claim;
    }
}
