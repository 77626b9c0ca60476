package dev.modunest.loader.verify;

/** What {@link Verifier} decided. */
public sealed interface Verification {

    record Verified(VerifiedArtifact artifact) implements Verification {}

    /**
     * The file is not what the plan names, or no plugin.
     *
     * @param code stable, kebab-case, listed in {@code docs/loader/embedding.md}
     * @param damaged whether the file differs from the published artifact, so that another copy may
     *     be good
     */
    record Refused(String code, String reason, boolean damaged) implements Verification {}
}
