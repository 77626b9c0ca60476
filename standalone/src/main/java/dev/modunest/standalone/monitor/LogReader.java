package dev.modunest.standalone.monitor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.log.Checkpoint;
import dev.modunest.format.log.ConsistencyProof;
import dev.modunest.format.log.Frontier;
import dev.modunest.format.log.Hash;
import dev.modunest.format.log.HashTile;
import dev.modunest.format.log.NoteKey;
import dev.modunest.format.log.SignedCheckpoint;
import dev.modunest.format.log.TilePath;
import dev.modunest.format.log.TiledNodes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads a log from where it was left: the head must be signed, continue the one seen before (RFC
 * 6962 2.1.2), and be the root of the entries that are served. One thread at a time.
 */
public final class LogReader {

    private static final int LOOKS = 3;
    private static final int TILES = 4;

    private final RemoteLog log;
    private final List<NoteKey> keys;
    private final Duration patience;

    /** Takes entries that are proven to be in the log; what it throws ends the reading. */
    public interface Entries {

        /**
         * Takes a portion.
         *
         * @param first the index of the first
         * @param now what was read with these
         */
        void take(long first, List<byte[]> entries, Progress now)
                throws IOException, InterruptedException;
    }

    /**
     * @param keys of the log; of each kind one has to have signed
     * @param patience before a head that is older than the one seen is asked for again
     */
    public LogReader(RemoteLog log, List<NoteKey> keys, Duration patience) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("a log without keys proves nothing");
        }
        this.log = log;
        this.keys = List.copyOf(keys);
        this.patience = patience;
    }

    /** Reads what is new since {@code seen}, in portions; how far it came. */
    public Progress read(Optional<Progress> seen, Entries entries)
            throws IOException, InterruptedException, LogMisbehavedException {
        SignedCheckpoint head = head(seen.map(Progress::head));
        Progress before =
                seen.map(progress -> new Progress(head, progress.entries(), progress.root()))
                        .orElseGet(() -> new Progress(head, 0, Hash.empty()));
        try {
            TiledNodes nodes = new TiledNodes(head.checkpoint().size(), this::tile);
            if (seen.isPresent()) {
                requireContinues(seen.get().head(), head, nodes);
            }
            return readEntries(before, nodes, entries);
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
    }

    private HashTile tile(TilePath path) {
        try {
            return log.tile(path);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted", stopped));
        }
    }

    /** An edge may serve an older head for some seconds, not longer. */
    private SignedCheckpoint head(Optional<SignedCheckpoint> seen)
            throws IOException, InterruptedException, LogMisbehavedException {
        for (int look = 1; ; look++) {
            SignedCheckpoint served = signed(log.checkpoint(), seen);
            boolean older =
                    seen.isPresent() && served.checkpoint().size() < seen.get().checkpoint().size();
            if (!older) {
                return served;
            }
            if (look == LOOKS) {
                throw misbehaved(
                        "rolled back from "
                                + seen.get().checkpoint().size()
                                + " entries to "
                                + served.checkpoint().size(),
                        seen,
                        served.toString(),
                        List.of());
            }
            Thread.sleep(patience);
        }
    }

    private SignedCheckpoint signed(String note, Optional<SignedCheckpoint> seen)
            throws LogMisbehavedException {
        SignedCheckpoint served;
        try {
            served = SignedCheckpoint.parse(note);
        } catch (IllegalArgumentException malformed) {
            throw misbehaved(
                    "its checkpoint is malformed: " + malformed.getMessage(),
                    seen,
                    note,
                    List.of());
        }
        if (!served.checkpoint().origin().equals(log.origin())) {
            throw misbehaved(
                    "its checkpoint is of " + served.checkpoint().origin(), seen, note, List.of());
        }
        Map<NoteKey.Kind, List<NoteKey>> kinds =
                keys.stream().collect(Collectors.groupingBy(NoteKey::kind));
        for (Map.Entry<NoteKey.Kind, List<NoteKey>> kind : kinds.entrySet()) {
            if (kind.getValue().stream().noneMatch(key -> served.find(key).isPresent())) {
                throw misbehaved(
                        "its checkpoint is not signed by its key of " + kind.getKey(),
                        seen,
                        note,
                        List.of());
            }
        }
        return served;
    }

    private void requireContinues(SignedCheckpoint seen, SignedCheckpoint head, TiledNodes nodes)
            throws LogMisbehavedException {
        Checkpoint old = seen.checkpoint();
        Checkpoint now = head.checkpoint();
        ConsistencyProof proof = ConsistencyProof.of(old.size(), now.size(), nodes);
        if (!proof.proves(old.root(), now.root())) {
            throw misbehaved(
                    "forked: its head of "
                            + now.size()
                            + " entries does not continue the one of "
                            + old.size()
                            + " that was seen",
                    Optional.of(seen),
                    head.toString(),
                    proof.path());
        }
    }

    private Progress readEntries(Progress before, TiledNodes nodes, Entries into)
            throws IOException, InterruptedException, LogMisbehavedException {
        Progress now = before;
        Frontier frontier = Frontier.read(now.entries(), nodes);
        requireSame(now, frontier.root());
        long size = now.head().checkpoint().size();
        while (now.entries() < size) {
            long first = now.entries();
            List<byte[]> portion = portion(first, size);
            for (byte[] entry : portion) {
                frontier.append(Hash.leaf(entry), (level, index, hash) -> {});
            }
            now = new Progress(now.head(), frontier.size(), frontier.root());
            Checkpoint head = now.head().checkpoint();
            ConsistencyProof proof = ConsistencyProof.of(now.entries(), head.size(), nodes);
            if (!proof.proves(now.root(), head.root())) {
                throw misbehaved(
                        "the entries that it serves from "
                                + first
                                + " on are not those of its head",
                        Optional.empty(),
                        now.head().toString(),
                        proof.path());
            }
            into.take(first, portion, now);
        }
        return now;
    }

    private static void requireSame(Progress now, Hash root) throws LogMisbehavedException {
        if (!root.equals(now.root())) {
            throw misbehaved(
                    "its first " + now.entries() + " entries are others than those that were read",
                    Optional.empty(),
                    now.head().toString(),
                    List.of(now.root(), root));
        }
    }

    /** A few tiles of entries from {@code first} on. */
    private List<byte[]> portion(long first, long size) throws IOException, InterruptedException {
        List<byte[]> entries = new ArrayList<>();
        long tile = first / TilePath.FULL;
        for (long last = tile + TILES; tile < last && tile * TilePath.FULL < size; tile++) {
            int width = (int) Math.min(TilePath.FULL, size - tile * TilePath.FULL);
            entries.addAll(log.entries(new TilePath(TilePath.ENTRIES, tile, width)));
        }
        return entries.subList((int) (first % TilePath.FULL), entries.size());
    }

    private static LogMisbehavedException misbehaved(
            String fault, Optional<SignedCheckpoint> seen, String served, List<Hash> hashes) {
        ObjectNode evidence = JsonNodeFactory.instance.objectNode().put("fault", fault);
        seen.ifPresent(head -> evidence.put("seen", head.toString()));
        evidence.put("served", served);
        hashes.forEach(hash -> evidence.withArray("hashes").add(hash.base64()));
        return new LogMisbehavedException(fault, evidence);
    }
}
