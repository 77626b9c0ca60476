package dev.modunest.format.log;

import java.util.ArrayList;
import java.util.List;

/** Consecutive hashes of one level of tiles, up to 256 (C2SP tlog-tiles). */
public record HashTile(TilePath path, List<Hash> hashes) {

    public HashTile {
        if (path.level() < 0 || hashes.size() != path.width()) {
            throw new IllegalArgumentException(path + " has not " + hashes.size() + " hashes");
        }
        hashes = List.copyOf(hashes);
    }

    /**
     * Reads the bytes of a tile.
     *
     * @throws IllegalArgumentException when it has another length
     */
    public static HashTile parse(TilePath path, byte[] bytes) {
        if (bytes.length != path.bytes()) {
            throw new IllegalArgumentException(
                    path + " has " + bytes.length + " bytes and must have " + path.bytes());
        }
        List<Hash> hashes = new ArrayList<>(path.width());
        for (int offset = 0; offset < bytes.length; offset += Hash.BYTES) {
            hashes.add(Hash.at(bytes, offset));
        }
        return new HashTile(path, hashes);
    }

    public byte[] bytes() {
        byte[] bytes = new byte[path.bytes()];
        for (int i = 0; i < hashes.size(); i++) {
            hashes.get(i).copyTo(bytes, i * Hash.BYTES);
        }
        return bytes;
    }

    /** A node of the tree, 0 to 7 levels above the hashes, that these hashes span. */
    Hash node(int levelsUp, long index) {
        int first = (int) ((index << levelsUp) % TilePath.FULL);
        return root(first, 1 << levelsUp);
    }

    private Hash root(int first, int count) {
        return count == 1
                ? hashes.get(first)
                : Hash.node(root(first, count / 2), root(first + count / 2, count / 2));
    }
}
