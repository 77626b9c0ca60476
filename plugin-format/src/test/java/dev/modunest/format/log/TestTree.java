package dev.modunest.format.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A log in memory: its entries, and its tiles as a server would write them. */
final class TestTree {

    private final List<byte[]> entries = new ArrayList<>();
    private final Map<String, Hash> nodes = new HashMap<>();
    private final Frontier frontier = Frontier.empty();

    static TestTree ofSize(int size) {
        TestTree tree = new TestTree();
        for (int i = 0; i < size; i++) {
            tree.append(("entry " + i).getBytes(StandardCharsets.UTF_8));
        }
        return tree;
    }

    void append(byte[] entry) {
        entries.add(entry);
        frontier.append(
                Hash.leaf(entry), (level, index, hash) -> nodes.put(level + "/" + index, hash));
    }

    byte[] entry(int index) {
        return entries.get(index);
    }

    Hash root() {
        return frontier.root();
    }

    /** The hash of the first entries, as RFC 6962 2.1 defines it. */
    Hash rootByDefinition(int start, int end) {
        if (end - start == 0) {
            return Hash.empty();
        }
        if (end - start == 1) {
            return Hash.leaf(entries.get(start));
        }
        int split = Integer.highestOneBit(end - start - 1);
        return Hash.node(
                rootByDefinition(start, start + split), rootByDefinition(start + split, end));
    }

    Hash node(int level, long index) {
        Hash node = nodes.get(level + "/" + index);
        if (node == null) {
            throw new IllegalArgumentException("no node " + index + " at " + level);
        }
        return node;
    }

    HashTile tile(TilePath path) {
        List<Hash> hashes = new ArrayList<>();
        for (int i = 0; i < path.width(); i++) {
            hashes.add(node(8 * path.level(), path.index() * 256 + i));
        }
        return HashTile.parse(path, new HashTile(path, hashes).bytes());
    }
}
