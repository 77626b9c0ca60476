package dev.modunest.server.transparency;

import dev.modunest.db.Database;
import dev.modunest.db.trust.Leaf;
import dev.modunest.db.trust.LogShard;
import dev.modunest.db.trust.LogShard.TreeHead;
import dev.modunest.format.log.Checkpoint;
import dev.modunest.format.log.Hash;
import dev.modunest.format.log.SignedCheckpoint;
import dev.modunest.format.log.TilePath;
import dev.modunest.format.log.TiledNodes;
import dev.modunest.server.artifact.StoredObject;
import dev.modunest.server.artifact.StoredObject.LogCheckpoint;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One server's time as the writer of the log, from what is published on. A batch goes: tiles to the
 * storage, the tree head noted in the index, signatures, the files that rest on them, the
 * checkpoint. Whatever fails ends it; who writes next finds each step done or does it again with
 * the same result. Not thread-safe.
 */
final class Writing {

    private final Parts parts;
    private final String shard;
    private final long fence;
    private final GrowingTree tree;

    /** What writing needs. */
    record Parts(
            LogConfig config,
            LogKeys keys,
            Database database,
            LogObjects objects,
            ReleaseFiles files,
            Witnesses witnesses,
            InstantSource clock) {}

    private Writing(Parts parts, long fence, GrowingTree tree) {
        this.parts = parts;
        this.shard = parts.keys().shard();
        this.fence = fence;
        this.tree = tree;
    }

    /** Takes over from whoever wrote before. */
    static Writing begin(Parts parts) {
        String shard = parts.keys().shard();
        long fence = parts.database().inTransaction(tx -> tx.log().takeOver(shard));
        LogShard state = parts.database().read(tx -> tx.log().get(shard));
        long size = state.publishedSize();
        int inBundle = (int) (size % TilePath.FULL);
        List<byte[]> entries =
                parts
                        .database()
                        .<List<Leaf>>read(tx -> tx.log().leaves(shard, size - inBundle, inBundle))
                        .stream()
                        .map(Leaf::entry)
                        .toList();
        GrowingTree tree = GrowingTree.read(size, parts.objects()::tile, entries);
        state.checkpoint().ifPresent(checkpoint -> requireSame(tree.root(), checkpoint));
        return new Writing(parts, fence, tree);
    }

    private static void requireSame(Hash root, String checkpoint) {
        Hash published = SignedCheckpoint.parse(checkpoint).checkpoint().root();
        if (!root.equals(published)) {
            throw new IllegalStateException(
                    "the tiles of the log have the root "
                            + root
                            + " and its checkpoint has "
                            + published
                            + ": restore the tiles; nothing is signed until they agree");
        }
    }

    /** Publishes the next leaves; false when there are none. */
    boolean next() throws InterruptedException {
        LogShard state = parts.database().read(tx -> tx.log().get(shard));
        // What another began to sign is finished as it was begun.
        boolean begun = state.signed().size() > tree.size();
        int limit =
                begun
                        ? Math.toIntExact(state.signed().size() - tree.size())
                        : parts.config().batch();
        List<Leaf> leaves = parts.database().read(tx -> tx.log().leaves(shard, tree.size(), limit));
        if (leaves.isEmpty()) {
            return false;
        }
        write(leaves);
        return true;
    }

    private void write(List<Leaf> leaves) throws InterruptedException {
        requireNext(leaves.getFirst());
        GrowingTree.Growth growth = tree.append(leaves.stream().map(Leaf::entry).toList());
        Map<StoredObject, byte[]> tiles = new LinkedHashMap<>();
        growth.tiles()
                .forEach((path, tile) -> tiles.put(parts.objects().object(path), tile.bytes()));
        growth.bundles().forEach((path, bytes) -> tiles.put(parts.objects().object(path), bytes));
        parts.objects().put(tiles);

        SignedCheckpoint checkpoint = sign();
        TiledNodes nodes =
                new TiledNodes(
                        tree.size(),
                        path ->
                                growth.tiles().containsKey(path)
                                        ? growth.tiles().get(path)
                                        : parts.objects().tile(path));
        SignedCheckpoint witnessed = parts.witnesses().cosign(checkpoint, nodes);
        parts.objects().put(parts.files().of(leaves, witnessed, nodes));
        parts.objects()
                .put(
                        Map.of(
                                new LogCheckpoint(shard),
                                witnessed.toString().getBytes(StandardCharsets.UTF_8)));
        publish(witnessed);
        parts.objects().removePartials(growth.tiles().keySet());
        parts.objects().removePartials(growth.bundles().keySet());
    }

    private void requireNext(Leaf first) {
        if (first.index() != tree.size()) {
            throw new IllegalStateException(
                    "the leaf after "
                            + tree.size()
                            + " is "
                            + first.index()
                            + ": the log has a gap");
        }
    }

    private SignedCheckpoint sign() {
        TreeHead head = new TreeHead(tree.size(), tree.root().base64());
        requireWriter(
                parts.database().<Boolean>inTransaction(tx -> tx.log().sign(shard, fence, head)));
        return SignedCheckpoint.sign(
                new Checkpoint(parts.keys().origin(), tree.size(), tree.root()),
                parts.keys().signers(),
                parts.clock().instant());
    }

    private void publish(SignedCheckpoint checkpoint) {
        requireWriter(
                parts.database()
                        .<Boolean>inTransaction(
                                tx -> tx.log().publish(shard, fence, checkpoint.toString())));
    }

    private static void requireWriter(boolean written) {
        if (!written) {
            throw new IllegalStateException(
                    "another server writes the log, or signed another tree of this size");
        }
    }
}
