package dev.modunest.format.log;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The nodes of a tree from its tiles, each of which is read once. Of tiles that are not checked
 * against a root the nodes are not either: fold what they give up to a root that is signed. Not
 * thread-safe.
 */
public final class TiledNodes implements TreeNodes {

    private final long size;
    private final Function<TilePath, HashTile> source;
    private final Map<TilePath, HashTile> tiles = new HashMap<>();

    /** The nodes of the tree of {@code size} leaves. */
    public TiledNodes(long size, Function<TilePath, HashTile> source) {
        this.size = size;
        this.source = source;
    }

    @Override
    public Hash node(int level, long index) {
        TilePath path = TilePath.of(level, index, size);
        return tiles.computeIfAbsent(path, source).node(level % TilePath.HEIGHT, index);
    }
}
