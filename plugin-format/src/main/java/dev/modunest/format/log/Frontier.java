package dev.modunest.format.log;

import java.util.ArrayList;
import java.util.List;

/**
 * The right edge of a tree that grows: the roots of its perfect subtrees, largest first, of which
 * there are as many as its size has bits set. Not thread-safe.
 */
public final class Frontier {

    private final List<Hash> subtrees;
    private long size;

    private Frontier(List<Hash> subtrees, long size) {
        this.subtrees = new ArrayList<>(subtrees);
        this.size = size;
    }

    public static Frontier empty() {
        return new Frontier(List.of(), 0);
    }

    /** That of the tree of {@code size} leaves whose nodes {@code nodes} has. */
    public static Frontier read(long size, TreeNodes nodes) {
        return new Frontier(Subtrees.perfect(0, size, nodes), size);
    }

    public long size() {
        return size;
    }

    /**
     * Appends a leaf.
     *
     * @param completed is told of every node that is complete now, the leaf first
     */
    public void append(Hash leaf, Completed completed) {
        Hash node = leaf;
        long index = size;
        int level = 0;
        completed.node(level, index, node);
        while ((index & 1) == 1) {
            node = Hash.node(subtrees.removeLast(), node);
            index >>= 1;
            level++;
            completed.node(level, index, node);
        }
        subtrees.add(node);
        size++;
    }

    /** The hash over all leaves. */
    public Hash root() {
        return Subtrees.fold(subtrees);
    }

    /** Is told of nodes that will not change any more. */
    @FunctionalInterface
    public interface Completed {

        /** The node over the leaves from {@code index << level} on, {@code 1 << level} of them. */
        void node(int level, long index, Hash hash);
    }
}
