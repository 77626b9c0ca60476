package dev.modunest.format.tuf.write;

import dev.modunest.format.tuf.HashBins;
import dev.modunest.format.tuf.RepositoryReader;
import dev.modunest.format.tuf.RoleKeys;
import dev.modunest.format.tuf.SignedDocument;
import dev.modunest.format.tuf.TargetsMetadata;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes the files of the online roles. It writes nothing itself: each method gives a {@link Batch}
 * from a state, and the caller, of whom there is one at a time, writes its files and keeps its
 * state; on a failure it goes on from {@link RepositoryState#afterFailure}. Thread-safe.
 */
public final class RepositoryWriter {

    private final OnlineSigners signers;
    private final SigningTerms terms;
    private final InstantSource clock;
    private final HashBins bins;

    public RepositoryWriter(OnlineSigners signers, SigningTerms terms, InstantSource clock) {
        this.signers = signers;
        this.terms = terms;
        this.clock = clock;
        this.bins = Layout.bins(signers.bins().key());
    }

    /** The first files of a repository: empty bins beside the signed targets and revocations. */
    public Batch start(SignedDocument targets, SignedDocument revocations) {
        BatchAssembly batch = batch(Map.of());
        batch.adopt(TargetsMetadata.ROLE, targets);
        batch.adopt(Layout.REVOCATIONS, revocations);
        batch.signBins(bins);
        for (String bin : bins.names()) {
            batch.signBin(bin, List.of());
        }
        return batch.finish(1, 1);
    }

    /**
     * The files that make changes of the index public.
     *
     * @param published gives what is public, below {@code /tuf/}
     * @throws IOException when a bin cannot be read, or is not what this writer's key signed
     */
    public Batch publish(
            RepositoryState state, List<TargetChange> changes, RepositoryReader published)
            throws IOException {
        Map<String, List<TargetChange>> byBin = new TreeMap<>();
        for (TargetChange change : changes) {
            byBin.computeIfAbsent(bins.binOf(change.path()), bin -> new ArrayList<>()).add(change);
        }
        PublishedFiles files = new PublishedFiles(published);
        BatchAssembly batch = batch(state.roles());
        for (Map.Entry<String, List<TargetChange>> changed : byBin.entrySet()) {
            String bin = changed.getKey();
            batch.change(
                    bin,
                    files.bin(bin, state.role(bin).version(), bins.keys()),
                    changed.getValue());
        }
        return batch.isEmpty() ? new Batch(List.of(), state) : finish(batch, state);
    }

    /**
     * What is due by the terms; an empty batch when nothing is.
     *
     * @param maxBins signed anew in this batch, those that expire first
     */
    public Batch renew(RepositoryState state, int maxBins, RepositoryReader published)
            throws IOException {
        Instant now = clock.instant();
        PublishedFiles files = new PublishedFiles(published);
        BatchAssembly batch = batch(state.roles());
        if (state.role(Layout.BINS).isDue(terms.bins(), now)) {
            batch.signBins(bins);
        }
        for (String bin : dueBins(state, now, maxBins)) {
            long version = state.role(bin).version();
            batch.signBin(bin, files.bin(bin, version, bins.keys()).values());
        }
        if (!batch.isEmpty() || state.snapshot().isDue(terms.snapshot(), now)) {
            return finish(batch, state);
        }
        if (!state.timestamp().isDue(terms.timestamp(), now)) {
            return new Batch(List.of(), state);
        }
        byte[] snapshot =
                files.snapshot(
                        state.snapshot().version(), RootKeys.single(signers.snapshot().key()));
        return batch.finish(state.snapshot(), snapshot, state.timestamp().next());
    }

    private List<String> dueBins(RepositoryState state, Instant now, int max) {
        return bins.names().stream()
                .filter(bin -> state.role(bin).isDue(terms.bins(), now))
                .sorted(Comparator.comparing(bin -> state.role(bin).expires()))
                .limit(max)
                .toList();
    }

    /** Snapshot and timestamp signed anew, as after a rotation of their keys. */
    public Batch resign(RepositoryState state) {
        return finish(batch(state.roles()), state);
    }

    /**
     * Makes public what another keeper of keys signed: a new version of targets or revocations.
     *
     * @param keys of the role, by the root or by targets
     * @throws IllegalArgumentException when it is not signed by enough of them, or not newer
     */
    public Batch adopt(RepositoryState state, String role, SignedDocument document, RoleKeys keys) {
        BatchAssembly batch = batch(state.roles());
        checkNews(state, role, document, keys);
        batch.adopt(role, document);
        return finish(batch, state);
    }

    /**
     * Makes public the targets that give the bins to this writer's key, with all bins signed anew.
     *
     * @param former the keys that signed the bins that are public
     */
    public Batch rotateBins(
            RepositoryState state,
            SignedDocument targets,
            RoleKeys keys,
            RoleKeys former,
            RepositoryReader published)
            throws IOException {
        checkNews(state, TargetsMetadata.ROLE, targets, keys);
        PublishedFiles files = new PublishedFiles(published);
        BatchAssembly batch = batch(state.roles());
        batch.adopt(TargetsMetadata.ROLE, targets);
        batch.signBins(bins);
        for (String bin : bins.names()) {
            batch.signBin(bin, files.bin(bin, state.role(bin).version(), former).values());
        }
        return finish(batch, state);
    }

    private static void checkNews(
            RepositoryState state, String role, SignedDocument document, RoleKeys keys) {
        if (!keys.accepts(document)) {
            throw new IllegalArgumentException(
                    role
                            + " is signed by "
                            + keys.countSignatures(document)
                            + " of its keys, and "
                            + keys.threshold()
                            + " must");
        }
        long version = TargetsMetadata.of(document).version();
        long known = state.role(role).version();
        if (version <= known) {
            throw new IllegalArgumentException(
                    role + " has version " + version + ", and " + known + " is public");
        }
    }

    private BatchAssembly batch(Map<String, RoleState> roles) {
        return new BatchAssembly(signers, terms, clock.instant(), roles);
    }

    private static Batch finish(BatchAssembly batch, RepositoryState state) {
        return batch.finish(state.snapshot().next(), state.timestamp().next());
    }
}
