package dev.modunest.format.trust;

import java.util.Locale;

/** Why a release is refused; the text of each is its name in small letters with hyphens. */
public enum RefusalCode {
    BUNDLE_MALFORMED(
            Step.BUNDLE,
            "fetch the bundle again; if it stays so, the release must be published anew"),
    TIME_UNPROVEN(Step.TIME, "ask the registry to stamp the release again, and check your clock"),
    CHAIN_INVALID(
            Step.CHAIN,
            "refresh trust root and revocation lists; a revoked key needs a new release"),
    IDENTITY_MISMATCH(
            Step.IDENTITY, "do not load it: somebody else than the namespace's publisher signed"),
    LOG_UNPROVEN(Step.LOG, "fetch bundle and proof again; tell the registry if it stays so"),
    WITNESSES_MISSING(Step.LOG, "wait until the witnesses have seen the log, or ask for fewer"),
    SIGNATURE_INVALID(Step.SIGNATURE, "fetch the bundle again; do not load the release"),
    SUBJECT_MISMATCH(Step.SUBJECT, "fetch the artifact again; do not load it as this release"),
    VSA_INVALID(Step.SUMMARY, "fetch the registry's bundle again; tell the registry"),
    VSA_FAILED(Step.SUMMARY, "the registry took the release down: choose another version"),
    LEVEL_TOO_LOW(Step.SUMMARY, "choose another release, or lower the level for its namespace");

    private final Step step;
    private final String fix;

    RefusalCode(Step step, String fix) {
        this.step = step;
        this.fix = fix;
    }

    public Step step() {
        return step;
    }

    /** What to do about it. */
    public String fix() {
        return fix;
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
