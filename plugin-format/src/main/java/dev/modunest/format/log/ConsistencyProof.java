package dev.modunest.format.log;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * That a tree is another with more leaves appended (RFC 6962 2.1.2).
 *
 * @param oldSize leaves of the earlier tree, 0 to {@code newSize}
 * @param newSize leaves of the later tree
 */
public record ConsistencyProof(long oldSize, long newSize, List<Hash> path) {

    public ConsistencyProof {
        if (oldSize < 0 || oldSize > newSize) {
            throw new IllegalArgumentException(
                    "a tree does not grow from " + oldSize + " to " + newSize);
        }
        if (path.size() > InclusionProof.MAX_PATH) {
            throw new IllegalArgumentException("no proof has " + path.size() + " hashes");
        }
        path = List.copyOf(path);
    }

    /** The proof between two trees, of the larger of which {@code nodes} has the nodes. */
    public static ConsistencyProof of(long oldSize, long newSize, TreeNodes nodes) {
        if (oldSize == 0 || oldSize == newSize) {
            return new ConsistencyProof(oldSize, newSize, List.of());
        }
        List<Hash> fromTheRoot = new ArrayList<>();
        long start = 0;
        long end = newSize;
        boolean known = true;
        while (oldSize != end) {
            long middle = start + Subtrees.split(end - start);
            if (oldSize <= middle) {
                fromTheRoot.add(Subtrees.root(middle, end, nodes));
                end = middle;
            } else {
                fromTheRoot.add(Subtrees.root(start, middle, nodes));
                start = middle;
                known = false;
            }
        }
        if (!known) {
            fromTheRoot.add(Subtrees.root(start, end, nodes));
        }
        return new ConsistencyProof(oldSize, newSize, fromTheRoot.reversed());
    }

    /**
     * Whether the tree with {@code newRoot} continues that with {@code oldRoot} (RFC 9162 2.1.4.2).
     */
    public boolean proves(Hash oldRoot, Hash newRoot) {
        if (oldSize == 0) {
            return path.isEmpty() && oldRoot.equals(Hash.empty());
        }
        if (oldSize == newSize) {
            return path.isEmpty() && oldRoot.equals(newRoot);
        }
        List<Hash> hashes = new ArrayList<>();
        if (Long.bitCount(oldSize) == 1) {
            hashes.add(oldRoot);
        }
        hashes.addAll(path);
        return !hashes.isEmpty() && proves(hashes, oldRoot, newRoot);
    }

    private boolean proves(List<Hash> hashes, Hash oldRoot, Hash newRoot) {
        long oldNode = oldSize - 1;
        long newNode = newSize - 1;
        while ((oldNode & 1) == 1) {
            oldNode >>= 1;
            newNode >>= 1;
        }
        Iterator<Hash> rest = hashes.iterator();
        Hash oldHash = rest.next();
        Hash newHash = oldHash;
        while (rest.hasNext()) {
            Hash beside = rest.next();
            if (newNode == 0) {
                return false;
            }
            if ((oldNode & 1) == 1 || oldNode == newNode) {
                oldHash = Hash.node(beside, oldHash);
                newHash = Hash.node(beside, newHash);
                while ((oldNode & 1) == 0 && oldNode != 0) {
                    oldNode >>= 1;
                    newNode >>= 1;
                }
            } else {
                newHash = Hash.node(newHash, beside);
            }
            oldNode >>= 1;
            newNode >>= 1;
        }
        return newNode == 0 && oldHash.equals(oldRoot) && newHash.equals(newRoot);
    }
}
