package dev.modunest.loader.trust;

import dev.modunest.format.Digest;
import dev.modunest.format.log.Checkpoint;
import dev.modunest.format.log.ConsistencyProof;
import dev.modunest.format.log.HashTile;
import dev.modunest.format.log.Note;
import dev.modunest.format.log.NoteKey;
import dev.modunest.format.log.SignedCheckpoint;
import dev.modunest.format.log.TilePath;
import dev.modunest.format.log.TiledNodes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The largest head of each log that this host has seen. Every other head must be of a tree that
 * continues it or that it continues, by tiles of the log (C2SP tlog-tiles, RFC 9162 2.1.4); what is
 * not is kept as evidence. Thread-safe.
 */
final class LogHeads {

    private final StateFolder folder;
    private final RegistryFiles files;
    private final InstantSource clock;
    private final Map<String, SignedCheckpoint> heads = new ConcurrentHashMap<>();
    private final Set<Checkpoint> consistent = ConcurrentHashMap.newKeySet();
    private final Map<String, HashTile> tiles = new ConcurrentHashMap<>();
    private final ReentrantLock advancing = new ReentrantLock();

    LogHeads(StateFolder folder, RegistryFiles files, InstantSource clock) {
        this.folder = folder;
        this.files = files;
        this.clock = clock;
    }

    /** A tile that the log must have, and has not. */
    private static final class TileMissingException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TileMissingException(TilePath path) {
            super(path + " is missing");
        }
    }

    /** Looks at the head that a log shows now; one that its keys did not sign tells nothing. */
    Optional<Fault> look(String origin, Collection<NoteKey> keys) throws IOException {
        Optional<SignedCheckpoint> shown;
        try {
            shown = files.fetch(path(origin) + "/checkpoint", Note.MAX_BYTES).flatMap(this::parse);
        } catch (IOException away) {
            return Optional.empty();
        }
        boolean signed =
                shown.filter(head -> head.checkpoint().origin().equals(origin))
                        .filter(head -> keys.stream().allMatch(key -> head.find(key).isPresent()))
                        .isPresent();
        return signed ? hold(shown.get()) : Optional.empty();
    }

    private Optional<SignedCheckpoint> parse(byte[] note) {
        try {
            return Optional.of(SignedCheckpoint.parse(new String(note, StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** Takes a head as consistent that was found so in an earlier load. */
    void trust(Checkpoint head) {
        consistent.add(head);
    }

    /** Holds a head, whose signatures have been checked, against the largest one seen. */
    Optional<Fault> hold(SignedCheckpoint head) throws IOException {
        if (consistent.contains(head.checkpoint())) {
            return Optional.empty();
        }
        Optional<SignedCheckpoint> largest = largest(head.checkpoint().origin());
        if (largest.isPresent() && head.checkpoint().size() <= largest.get().checkpoint().size()) {
            return compare(head, largest.get(), head);
        }
        advancing.lock();
        try {
            Optional<SignedCheckpoint> before = largest(head.checkpoint().origin());
            Optional<Fault> fault = Optional.empty();
            if (before.isPresent()) {
                fault =
                        head.checkpoint().size() < before.get().checkpoint().size()
                                ? compare(head, before.get(), head)
                                : compare(before.get(), head, head);
            }
            if (fault.isEmpty()
                    && before.map(known -> known.checkpoint().size()).orElse(-1L)
                            < head.checkpoint().size()) {
                folder.write(
                        file(head.checkpoint().origin()),
                        head.toString().getBytes(StandardCharsets.UTF_8));
                heads.put(head.checkpoint().origin(), head);
                consistent.add(head.checkpoint());
            }
            return fault;
        } finally {
            advancing.unlock();
        }
    }

    private Optional<SignedCheckpoint> largest(String origin) throws IOException {
        SignedCheckpoint known = heads.get(origin);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<byte[]> kept = folder.read(file(origin));
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        SignedCheckpoint head =
                parse(kept.get())
                        .orElseThrow(
                                () ->
                                        new IOException(
                                                file(origin)
                                                        + " in "
                                                        + folder
                                                        + " is damaged: restore it, or remove it to"
                                                        + " forget what the log was"));
        heads.putIfAbsent(origin, head);
        return Optional.of(head);
    }

    /** Whether the tree of {@code larger} continues that of {@code smaller}. */
    private Optional<Fault> compare(
            SignedCheckpoint smaller, SignedCheckpoint larger, SignedCheckpoint shown)
            throws IOException {
        Checkpoint from = smaller.checkpoint();
        Checkpoint to = larger.checkpoint();
        try {
            TiledNodes nodes = new TiledNodes(to.size(), path -> tile(to.origin(), path));
            boolean continued =
                    ConsistencyProof.of(from.size(), to.size(), nodes)
                            .proves(from.root(), to.root());
            if (continued) {
                consistent.add(shown.checkpoint());
                return Optional.empty();
            }
            return Optional.of(
                    forked(smaller, larger, "its tiles do not lead from one to the other"));
        } catch (TileMissingException taken) {
            return Optional.of(forked(smaller, larger, String.valueOf(taken.getMessage())));
        } catch (UncheckedIOException away) {
            return Optional.of(
                    new Fault(
                            Fault.Kind.MISSING,
                            "log-unproven",
                            "the log cannot be asked whether it only grew ("
                                    + away.getMessage()
                                    + "): connect the host"));
        }
    }

    private HashTile tile(String origin, TilePath path) {
        HashTile known = tiles.get(origin + path);
        if (known == null) {
            known = fetch(origin, path);
            tiles.put(origin + path, known);
        }
        return known;
    }

    /** A tile; of a partial one that is gone the beginning of the full one. */
    private HashTile fetch(String origin, TilePath path) {
        try {
            Optional<byte[]> bytes = files.fetch(path(origin) + "/" + path, path.bytes());
            if (bytes.isEmpty() && !path.isFull()) {
                TilePath full = new TilePath(path.level(), path.index(), TilePath.FULL);
                bytes =
                        files.fetch(path(origin) + "/" + full, full.bytes())
                                .filter(all -> all.length == full.bytes())
                                .map(all -> Arrays.copyOf(all, path.bytes()));
            }
            return HashTile.parse(path, bytes.orElseThrow(() -> new TileMissingException(path)));
        } catch (IllegalArgumentException cut) {
            throw new TileMissingException(path);
        } catch (IOException away) {
            throw new UncheckedIOException(away);
        }
    }

    private Fault forked(SignedCheckpoint smaller, SignedCheckpoint larger, String how)
            throws IOException {
        Instant now = clock.instant();
        String name =
                "forks/"
                        + now.toEpochMilli()
                        + "-"
                        + smaller.checkpoint().size()
                        + "-"
                        + larger.checkpoint().size();
        folder.write(name, (smaller + "\n" + larger).getBytes(StandardCharsets.UTF_8));
        return new Fault(
                Fault.Kind.WRONG,
                "log-forked",
                "the log "
                        + larger.checkpoint().origin()
                        + " does not show that its "
                        + larger.checkpoint().size()
                        + " entries continue the "
                        + smaller.checkpoint().size()
                        + " that were seen ("
                        + how
                        + "); both heads are kept in "
                        + folder
                        + "/"
                        + name
                        + ": show them to others");
    }

    /** A log's name is {@code <registry>/log/<shard>}, and so it is served. */
    private static String path(String origin) {
        int slash = origin.indexOf('/');
        return slash < 0 ? "/log" : origin.substring(slash);
    }

    private static String file(String origin) {
        return "heads/" + Digest.ofBytes(origin.getBytes(StandardCharsets.UTF_8)).hex();
    }
}
