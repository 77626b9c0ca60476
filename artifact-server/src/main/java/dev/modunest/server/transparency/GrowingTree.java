package dev.modunest.server.transparency;

import dev.modunest.format.log.EntryBundle;
import dev.modunest.format.log.Frontier;
import dev.modunest.format.log.Hash;
import dev.modunest.format.log.HashTile;
import dev.modunest.format.log.TilePath;
import dev.modunest.format.log.TiledNodes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The tree of the log as its writer holds it: the right edge, and the tiles there that are not
 * full. Not thread-safe.
 */
final class GrowingTree {

    private static final int TILE_HEIGHT = 8;

    private final Frontier frontier;

    /** By level the hashes of the tile that is not full. */
    private final Map<Integer, List<Hash>> partials;

    /** The entries of the bundle that is not full. */
    private final List<byte[]> entries;

    private GrowingTree(
            Frontier frontier, Map<Integer, List<Hash>> partials, List<byte[]> entries) {
        this.frontier = frontier;
        this.partials = partials;
        this.entries = entries;
    }

    /**
     * What a batch of leaves makes to be written.
     *
     * @param tiles of hashes, as wide as they are after the batch, each once
     * @param bundles of entries
     */
    record Growth(Map<TilePath, HashTile> tiles, Map<TilePath, byte[]> bundles) {}

    /**
     * The tree of {@code size} leaves.
     *
     * @param tiles reads those that were written
     * @param entries those of the bundle that is not full
     */
    static GrowingTree read(long size, Function<TilePath, HashTile> tiles, List<byte[]> entries) {
        Map<Integer, List<Hash>> partials = new HashMap<>();
        for (int level = 0; size >> (TILE_HEIGHT * level) > 0; level++) {
            long hashes = size >> (TILE_HEIGHT * level);
            int width = (int) (hashes % TilePath.FULL);
            if (width > 0) {
                TilePath path = new TilePath(level, hashes / TilePath.FULL, width);
                partials.put(level, new ArrayList<>(tiles.apply(path).hashes()));
            }
        }
        return new GrowingTree(
                Frontier.read(size, new TiledNodes(size, tiles)),
                partials,
                new ArrayList<>(entries));
    }

    long size() {
        return frontier.size();
    }

    Hash root() {
        return frontier.root();
    }

    /** Appends entries; what was written before stays as it is. */
    Growth append(List<byte[]> added) {
        Map<TilePath, HashTile> tiles = new LinkedHashMap<>();
        Map<TilePath, byte[]> bundles = new LinkedHashMap<>();
        Map<Integer, Long> touched = new HashMap<>();
        for (byte[] entry : added) {
            long index = frontier.size();
            frontier.append(
                    Hash.leaf(entry),
                    (level, nodeIndex, hash) -> {
                        if (level % TILE_HEIGHT == 0) {
                            add(level / TILE_HEIGHT, nodeIndex, hash, tiles);
                            touched.put(level / TILE_HEIGHT, nodeIndex / TilePath.FULL);
                        }
                    });
            entries.add(entry);
            if (entries.size() == TilePath.FULL) {
                TilePath path =
                        new TilePath(TilePath.ENTRIES, index / TilePath.FULL, TilePath.FULL);
                bundles.put(path, EntryBundle.write(entries));
                entries.clear();
            }
        }
        touched.forEach((level, tile) -> addPartial(level, tile, tiles));
        if (!entries.isEmpty()) {
            long tile = (frontier.size() - 1) / TilePath.FULL;
            bundles.put(
                    new TilePath(TilePath.ENTRIES, tile, entries.size()),
                    EntryBundle.write(entries));
        }
        return new Growth(tiles, bundles);
    }

    private void add(int level, long index, Hash hash, Map<TilePath, HashTile> tiles) {
        List<Hash> partial = partials.computeIfAbsent(level, _ -> new ArrayList<>());
        partial.add(hash);
        if (partial.size() == TilePath.FULL) {
            TilePath path = new TilePath(level, index / TilePath.FULL, TilePath.FULL);
            tiles.put(path, new HashTile(path, partial));
            partial.clear();
        }
    }

    private void addPartial(int level, long tile, Map<TilePath, HashTile> tiles) {
        List<Hash> partial = partials.getOrDefault(level, List.of());
        if (!partial.isEmpty()) {
            TilePath path = new TilePath(level, tile, partial.size());
            tiles.put(path, new HashTile(path, partial));
        }
    }
}
