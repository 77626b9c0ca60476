package dev.modunest.format.log;

/** The complete nodes of a tree, by which proofs are made. */
@FunctionalInterface
public interface TreeNodes {

    /** The node over the leaves from {@code index << level} on, {@code 1 << level} of them. */
    Hash node(int level, long index);
}
