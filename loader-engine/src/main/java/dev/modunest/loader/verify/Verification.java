package dev.modunest.loader.verify;

/** What {@link Verifier} decided. */
public sealed interface Verification {

    record Verified(VerifiedArtifact artifact) implements Verification {}

    /**
     * The file is not what the plan names, or no plugin, or not to be trusted.
     *
     * @param code stable, kebab-case, listed in {@code docs/loader/embedding.md}
     * @param remedy what may help
     */
    record Refused(String code, String reason, Remedy remedy) implements Verification {}

    /** What of a release another copy may be good of. */
    enum Remedy {
        NONE,
        ARTIFACT,
        EVIDENCE
    }
}
