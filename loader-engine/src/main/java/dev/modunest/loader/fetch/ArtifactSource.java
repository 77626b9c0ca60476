package dev.modunest.loader.fetch;

import dev.modunest.format.resolve.Plan;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Where the bytes of a plan come from. Thread-safe. */
public interface ArtifactSource {

    /**
     * Brings the artifact of {@code step} to a file.
     *
     * @throws FetchException when it cannot be had
     */
    Fetched fetch(Plan.Step step) throws FetchException, InterruptedException;

    /** Removes a file whose bytes proved wrong, so that the next fetch brings others. */
    void discard(Fetched fetched) throws IOException;

    /**
     * What was signed about the artifact of {@code step}: beside it, else from the registry, and
     * kept. What cannot be had is told in the evidence.
     */
    Evidence evidence(Plan.Step step, Fetched fetched) throws InterruptedException;

    /**
     * Other evidence in place of what is kept and does not hold; empty when there is none, and then
     * what is kept stays.
     */
    Optional<Evidence> evidenceAnew(Plan.Step step, Fetched fetched) throws InterruptedException;

    /**
     * An artifact on disk.
     *
     * @param networkBytes bytes that came over the network for it
     * @param kept whether an earlier fetch had left it, so that fetching again may help
     */
    record Fetched(Path file, long networkBytes, boolean kept) {}
}
