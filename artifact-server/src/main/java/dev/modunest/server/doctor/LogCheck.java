package dev.modunest.server.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.modunest.db.Database;
import dev.modunest.db.trust.Leaf;
import dev.modunest.db.trust.LeafKind;
import dev.modunest.db.trust.LogShard;
import dev.modunest.format.Digest;
import dev.modunest.format.log.Hash;
import dev.modunest.format.log.SignedCheckpoint;
import dev.modunest.format.log.TilePath;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.artifact.StoredObject;
import dev.modunest.server.artifact.StoredObject.ReleaseFile;
import dev.modunest.server.artifact.StoredObject.Statement;
import dev.modunest.server.artifact.StoredObject.Tile;
import dev.modunest.server.transparency.LogReplay;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Holds the files of the log against its leaves and its published head: every tile, and where bytes
 * are asked for every statement and every bundle beside a release.
 */
final class LogCheck {

    private static final Map<LeafKind, ReleaseFile.Kind> FILES =
            Map.of(
                    LeafKind.PUBLISHER, ReleaseFile.Kind.PUBLISHER_BUNDLE,
                    LeafKind.PROVENANCE, ReleaseFile.Kind.PROVENANCE,
                    LeafKind.SECOND, ReleaseFile.Kind.SECOND_SIGNATURE,
                    LeafKind.REGISTRY, ReleaseFile.Kind.REGISTRY_BUNDLE);

    private final ArtifactStore store;
    private final Database database;
    private final boolean bytes;
    private final Tally tally;
    private final Consumer<Difference> found;

    LogCheck(
            ArtifactStore store,
            Database database,
            boolean bytes,
            Tally tally,
            Consumer<Difference> found) {
        this.store = store;
        this.database = database;
        this.bytes = bytes;
        this.tally = tally;
        this.found = found;
    }

    void examine(Turns turns) {
        for (LogShard shard : database.read(tx -> tx.log().shards())) {
            LogReplay replay = new LogReplay();
            while (replay.size() < shard.publishedSize()) {
                examinePage(shard, replay, turns);
            }
            replay.partials().forEach((path, tile) -> add(turns, shard, path, tile));
            shard.checkpoint()
                    .map(text -> SignedCheckpoint.parse(text).checkpoint().root())
                    .filter(root -> !root.equals(replay.root()))
                    .ifPresent(root -> name(wrongRoot(shard, root, replay.root())));
        }
    }

    private void examinePage(LogShard shard, LogReplay replay, Turns turns) {
        int limit = (int) Math.min(TilePath.FULL, shard.publishedSize() - replay.size());
        List<Leaf> leaves =
                database.read(tx -> tx.log().leaves(shard.name(), replay.size(), limit));
        if (leaves.size() < limit) {
            throw new IllegalStateException(
                    "the index has lost leaves of the log "
                            + shard.name()
                            + " from "
                            + (replay.size() + leaves.size())
                            + " on");
        }
        replay.append(leaves.stream().map(Leaf::entry).toList())
                .forEach((path, tile) -> add(turns, shard, path, tile));
        if (bytes) {
            leaves.forEach(leaf -> turns.add(() -> examine(leaf)));
        }
    }

    private void add(Turns turns, LogShard shard, TilePath path, byte[] tile) {
        turns.add(() -> examine(new Tile(shard.name(), path), tile));
    }

    /** A partial tile may be gone when the full one is there, whose beginning it is. */
    private void examine(Tile tile, byte[] expected) {
        tally.logFiles.incrementAndGet();
        Optional<byte[]> stored =
                store.get(tile)
                        .or(() -> tile.path().isFull() ? Optional.empty() : store.get(full(tile)));
        if (stored.isEmpty()) {
            name(new Difference.MissingLogFile(tile.key()));
        } else if (!begins(stored.get(), expected)) {
            name(new Difference.WrongLogFile(tile.key(), "is not that of the leaves"));
        }
    }

    private static Tile full(Tile tile) {
        return new Tile(
                tile.shard(),
                new TilePath(tile.path().level(), tile.path().index(), TilePath.FULL));
    }

    private static boolean begins(byte[] stored, byte[] expected) {
        return stored.length >= expected.length
                && Arrays.equals(stored, 0, expected.length, expected, 0, expected.length);
    }

    private void examine(Leaf leaf) {
        Statement statement = new Statement(leaf.payload());
        examine(
                statement,
                payload ->
                        Digest.ofBytes(payload).equals(leaf.payload())
                                ? Optional.empty()
                                : Optional.of("has " + Digest.ofBytes(payload)));
        leaf.release()
                .flatMap(
                        release ->
                                Optional.ofNullable(FILES.get(leaf.kind()))
                                        .map(kind -> new ReleaseFile(release, kind)))
                .ifPresent(file -> examine(file, bundle -> fault(leaf, bundle)));
    }

    private interface Content {
        Optional<String> faultOf(byte[] bytes);
    }

    private void examine(StoredObject object, Content content) {
        tally.logFiles.incrementAndGet();
        Optional<byte[]> stored = store.get(object);
        if (stored.isEmpty()) {
            name(new Difference.MissingLogFile(object.key()));
            return;
        }
        content.faultOf(stored.get())
                .ifPresent(why -> name(new Difference.WrongLogFile(object.key(), why)));
    }

    private static Optional<String> fault(Leaf leaf, byte[] stored) {
        try {
            ReleaseBundle bundle = ReleaseBundle.parse(stored);
            Digest signed = ReleaseBundle.parse(leaf.bundle().getBytes(UTF_8)).publisherDigest();
            if (!bundle.publisherDigest().equals(signed)) {
                return Optional.of("has " + bundle.publisherDigest() + " and not " + signed);
            }
            return bundle.logged().filter(entry -> entry.logIndex() == leaf.index()).isPresent()
                    ? Optional.empty()
                    : Optional.of("is not of the entry " + leaf.index());
        } catch (IllegalArgumentException malformed) {
            return Optional.of("is no bundle: " + malformed.getMessage());
        }
    }

    private static Difference wrongRoot(LogShard shard, Hash published, Hash computed) {
        return new Difference.WrongLogFile(
                "log/" + shard.name() + "/checkpoint",
                "has the root " + published.base64() + " and the leaves have " + computed.base64());
    }

    /** One at a time. */
    private synchronized void name(Difference difference) {
        tally.count(difference);
        found.accept(difference);
    }
}
