package dev.modunest.format.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * That a leaf is in a tree (RFC 6962 2.1.1).
 *
 * @param index of the leaf, from 0
 * @param size of the tree, in leaves
 * @param path the hashes beside the way from the leaf to the root
 */
public record InclusionProof(long index, long size, List<Hash> path) {

    /** As long as that of the largest tree. */
    static final int MAX_PATH = 63;

    public InclusionProof {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("a tree of " + size + " has no leaf " + index);
        }
        if (path.size() > MAX_PATH) {
            throw new IllegalArgumentException("no path has " + path.size() + " hashes");
        }
        path = List.copyOf(path);
    }

    /** The proof for one leaf of the tree of {@code size} leaves. */
    public static InclusionProof of(long index, long size, TreeNodes nodes) {
        List<Hash> path = new ArrayList<>();
        long start = 0;
        long end = size;
        List<Hash> fromTheRoot = new ArrayList<>();
        while (end - start > 1) {
            long middle = start + Subtrees.split(end - start);
            if (index < middle) {
                fromTheRoot.add(Subtrees.root(middle, end, nodes));
                end = middle;
            } else {
                fromTheRoot.add(Subtrees.root(start, middle, nodes));
                start = middle;
            }
        }
        path.addAll(fromTheRoot.reversed());
        return new InclusionProof(index, size, path);
    }

    /**
     * The root that the tree has if {@code leaf} is at the index; empty when the path has another
     * length than it must (RFC 9162 2.1.3.2).
     */
    public Optional<Hash> root(Hash leaf) {
        long node = index;
        long last = size - 1;
        Hash hash = leaf;
        for (Hash beside : path) {
            if (last == 0) {
                return Optional.empty();
            }
            if ((node & 1) == 1 || node == last) {
                hash = Hash.node(beside, hash);
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                hash = Hash.node(hash, beside);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 ? Optional.of(hash) : Optional.empty();
    }
}
