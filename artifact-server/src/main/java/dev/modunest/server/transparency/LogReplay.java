package dev.modunest.server.transparency;

import dev.modunest.format.log.Hash;
import dev.modunest.format.log.TilePath;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tiles that a log must have (C2SP tlog-tiles), made anew from its entries in their order.
 * Holds one tile of each level. Not thread-safe.
 */
public final class LogReplay {

    private final GrowingTree tree =
            GrowingTree.read(
                    0,
                    path -> {
                        throw new IllegalStateException("an empty tree has no " + path);
                    },
                    List.of());

    /** By level the tile that is not full. */
    private final Map<Integer, Map.Entry<TilePath, byte[]>> partials = new HashMap<>();

    /** The next entries; the answer is the tiles that they fill. */
    public Map<TilePath, byte[]> append(List<byte[]> entries) {
        GrowingTree.Growth growth = tree.append(entries);
        Map<TilePath, byte[]> full = new HashMap<>();
        growth.tiles().forEach((path, tile) -> sort(path, tile.bytes(), full));
        growth.bundles().forEach((path, bytes) -> sort(path, bytes, full));
        return full;
    }

    private void sort(TilePath path, byte[] bytes, Map<TilePath, byte[]> full) {
        if (path.isFull()) {
            full.put(path, bytes);
            Map.Entry<TilePath, byte[]> partial = partials.get(path.level());
            if (partial != null && partial.getKey().index() == path.index()) {
                partials.remove(path.level());
            }
        } else {
            partials.put(path.level(), Map.entry(path, bytes));
        }
    }

    /** The tiles that are not full. */
    public Map<TilePath, byte[]> partials() {
        Map<TilePath, byte[]> tiles = new HashMap<>();
        partials.values().forEach(tile -> tiles.put(tile.getKey(), tile.getValue()));
        return tiles;
    }

    public long size() {
        return tree.size();
    }

    public Hash root() {
        return tree.root();
    }
}
