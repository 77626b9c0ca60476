package dev.modunest.loader.trust;

import dev.modunest.format.tuf.RepositoryReader;
import dev.modunest.format.tuf.TargetFile;
import dev.modunest.format.tuf.TrustedTargets;
import dev.modunest.format.tuf.TufException;
import dev.modunest.format.tuf.TufProblem;

import java.util.Optional;

/**
 * One state of the repository. Thread-safe.
 *
 * @param targets empty when nothing is known
 * @param content of targets
 * @param fault why this state is not to be relied on
 * @param away why it is not the registry's present one, though it may be relied on
 */
record RepositoryView(
        Optional<TrustedTargets> targets,
        RepositoryReader content,
        Optional<Fault> fault,
        Optional<Fault> away) {

    /** The content of a target; empty when no role speaks of it. */
    Optional<byte[]> find(String path) throws TufException {
        TrustedTargets known =
                targets.orElseThrow(
                        () ->
                                new TufException(
                                        TufProblem.UNAVAILABLE, path, "no metadata is kept"));
        Optional<TargetFile> file = known.find(path);
        return file.isEmpty() ? Optional.empty() : Optional.of(known.download(file.get(), content));
    }

    /** The content of a target that must be there. */
    byte[] get(String path) throws TufException {
        return find(path)
                .orElseThrow(
                        () -> new TufException(TufProblem.NO_TARGET, path, "no role speaks of it"));
    }

    boolean isCurrent() {
        return away.isEmpty();
    }

    static Fault fault(TufException failed) {
        boolean missing =
                failed.problem() == TufProblem.UNAVAILABLE
                        || failed.problem() == TufProblem.METADATA_STALE;
        return new Fault(
                missing ? Fault.Kind.MISSING : Fault.Kind.WRONG,
                failed.problem().code(),
                String.valueOf(failed.getMessage()));
    }
}
