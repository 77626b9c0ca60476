package dev.modunest.loader.lifecycle;

import dev.modunest.format.resolve.Plan;
import dev.modunest.loader.LoadingSlot;
import dev.modunest.loader.Outcome.Stage;
import dev.modunest.loader.fetch.ArtifactSource;
import dev.modunest.loader.fetch.ArtifactSource.Fetched;
import dev.modunest.loader.fetch.Evidence;
import dev.modunest.loader.fetch.FetchException;
import dev.modunest.loader.verify.Verification;
import dev.modunest.loader.verify.VerifiedArtifact;
import dev.modunest.loader.verify.Verifier;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;

/** Fetches and verifies; a kept file that proves damaged is fetched once more. Thread-safe. */
final class Supply implements LoadRun.Supplier {

    private final Verifier verifier;
    private final LoadingSlots slots;
    private final Duration verifyDeadline;

    Supply(Verifier verifier, LoadingSlots slots, Duration verifyDeadline) {
        this.verifier = verifier;
        this.slots = slots;
        this.verifyDeadline = verifyDeadline;
    }

    /** An artifact and what it took, without waiting for slots. */
    record Supplied(
            VerifiedArtifact artifact, long networkBytes, Duration fetch, Duration verify) {}

    /** What the network brought. */
    private record Brought(Fetched file, Evidence evidence, Duration took) {}

    /** What became of it. */
    private record Judged(Verification verification, Duration took) {}

    @Override
    public Supplied obtain(Planned planned, int rank) throws StageException, InterruptedException {
        Brought brought = bring(planned, rank);
        Judged judged = judge(planned, rank, brought);
        if (brought.file().kept() && mayHelp(judged, Verification.Remedy.ARTIFACT)) {
            discard(planned.source(), brought.file());
            brought = bring(planned, rank);
            judged = judge(planned, rank, brought);
        }
        if (brought.evidence().kept() && mayHelp(judged, Verification.Remedy.EVIDENCE)) {
            judged = judgeAnew(planned, rank, brought, judged);
        }
        return new Supplied(
                accepted(judged.verification()),
                brought.file().networkBytes(),
                brought.took(),
                judged.took());
    }

    /** Without a switch over types, whose first use costs a JVM that starts some milliseconds. */
    private static VerifiedArtifact accepted(Verification verification) throws StageException {
        if (verification instanceof Verification.Refused refused) {
            throw new StageException(Stage.VERIFY, refused.code(), refused.reason());
        }
        return ((Verification.Verified) verification).artifact();
    }

    private Brought bring(Planned planned, int rank) throws StageException, InterruptedException {
        return slots.holding(
                LoadingSlot.Kind.NETWORK,
                0,
                rank,
                () -> {
                    long begin = System.nanoTime();
                    Fetched file = fetch(planned);
                    Evidence evidence =
                            verifier.needsEvidence(planned.step())
                                    ? planned.source().evidence(planned.step(), file)
                                    : Evidence.NONE;
                    return new Brought(file, evidence, since(begin));
                });
    }

    private static Fetched fetch(Planned planned) throws StageException, InterruptedException {
        try {
            return planned.source().fetch(planned.step());
        } catch (FetchException failed) {
            throw new StageException(
                    Stage.FETCH, failed.code(), failed.reason(), failed.getCause());
        }
    }

    private Judged judge(Planned planned, int rank, Brought brought)
            throws StageException, InterruptedException {
        return judge(planned.step(), rank, brought.file(), brought.evidence());
    }

    /** With other evidence than was kept, when there is any. */
    private Judged judgeAnew(Planned planned, int rank, Brought brought, Judged before)
            throws StageException, InterruptedException {
        Optional<Evidence> other = planned.source().evidenceAnew(planned.step(), brought.file());
        return other.isPresent()
                ? judge(planned.step(), rank, brought.file(), other.get())
                : before;
    }

    private Judged judge(Plan.Step step, int rank, Fetched file, Evidence evidence)
            throws StageException, InterruptedException {
        return slots.holding(
                LoadingSlot.Kind.VERIFICATION,
                step.size(),
                rank,
                () -> {
                    long begin = System.nanoTime();
                    Verification verification = verify(step, file, evidence);
                    return new Judged(verification, since(begin));
                });
    }

    private Verification verify(Plan.Step step, Fetched file, Evidence evidence)
            throws StageException, InterruptedException {
        try {
            return verifier.verify(step, file.file(), evidence, verifyDeadline);
        } catch (IOException unreadable) {
            if (unreadable instanceof InterruptedIOException || Thread.interrupted()) {
                throw new InterruptedException("interrupted while verifying");
            }
            throw new StageException(
                    Stage.VERIFY, "file-unreadable", file.file() + " cannot be read", unreadable);
        }
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static boolean mayHelp(Judged judged, Verification.Remedy remedy) {
        return judged.verification() instanceof Verification.Refused refused
                && refused.remedy() == remedy;
    }

    private static void discard(ArtifactSource source, Fetched fetched) throws StageException {
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
