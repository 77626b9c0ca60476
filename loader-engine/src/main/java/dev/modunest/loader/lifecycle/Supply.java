package dev.modunest.loader.lifecycle;

import dev.modunest.format.resolve.Plan;
import dev.modunest.loader.Outcome.Stage;
import dev.modunest.loader.fetch.ArtifactSource;
import dev.modunest.loader.fetch.ArtifactSource.Fetched;
import dev.modunest.loader.fetch.Evidence;
import dev.modunest.loader.fetch.FetchException;
import dev.modunest.loader.verify.Verification;
import dev.modunest.loader.verify.VerifiedArtifact;
import dev.modunest.loader.verify.Verifier;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Fetches and verifies; a kept file that proves damaged is fetched once more. Thread-safe. */
final class Supply {

    private final ArtifactSource source;
    private final Verifier verifier;

    Supply(ArtifactSource source, Verifier verifier) {
        this.source = source;
        this.verifier = verifier;
    }

    /** An artifact and what it took. */
    record Supplied(
            VerifiedArtifact artifact, long networkBytes, Duration fetch, Duration verify) {}

    Supplied obtain(Plan.Step step) throws StageException, InterruptedException {
        long begin = System.nanoTime();
        Fetched fetched = fetch(step);
        Evidence evidence = evidence(step, fetched);
        long arrived = System.nanoTime();
        Verification verification = verify(step, fetched, evidence);
        if (fetched.kept() && mayHelp(verification, Verification.Remedy.ARTIFACT)) {
            discard(fetched);
            fetched = fetch(step);
            arrived = System.nanoTime();
            verification = verify(step, fetched, evidence);
        }
        if (evidence.kept() && mayHelp(verification, Verification.Remedy.EVIDENCE)) {
            verification = verifyAnew(step, fetched, verification);
        }
        return switch (verification) {
            case Verification.Verified verified ->
                    new Supplied(
                            verified.artifact(),
                            fetched.networkBytes(),
                            Duration.ofNanos(arrived - begin),
                            Duration.ofNanos(System.nanoTime() - arrived));
            case Verification.Refused refused ->
                    throw new StageException(Stage.VERIFY, refused.code(), refused.reason());
        };
    }

    private Fetched fetch(Plan.Step step) throws StageException, InterruptedException {
        try {
            return source.fetch(step);
        } catch (FetchException failed) {
            throw new StageException(
                    Stage.FETCH, failed.code(), failed.reason(), failed.getCause());
        }
    }

    private Evidence evidence(Plan.Step step, Fetched fetched) throws InterruptedException {
        return verifier.needsEvidence(step) ? source.evidence(step, fetched) : Evidence.NONE;
    }

    /** With other evidence than was kept, when there is any. */
    private Verification verifyAnew(Plan.Step step, Fetched fetched, Verification before)
            throws StageException, InterruptedException {
        Optional<Evidence> other = source.evidenceAnew(step, fetched);
        return other.isPresent() ? verify(step, fetched, other.get()) : before;
    }

    private Verification verify(Plan.Step step, Fetched fetched, Evidence evidence)
            throws StageException {
        try {
            return verifier.verify(step, fetched.file(), evidence);
        } catch (IOException unreadable) {
            throw new StageException(
                    Stage.VERIFY,
                    "file-unreadable",
                    fetched.file() + " cannot be read",
                    unreadable);
        }
    }

    private static boolean mayHelp(Verification verification, Verification.Remedy remedy) {
        return verification instanceof Verification.Refused refused && refused.remedy() == remedy;
    }

    private void discard(Fetched fetched) throws StageException {
        try {
            source.discard(fetched);
        } catch (IOException stuck) {
            throw new StageException(
                    Stage.VERIFY,
                    "file-unreadable",
                    fetched.file() + " is damaged and cannot be removed",
                    stuck);
        }
    }
}
