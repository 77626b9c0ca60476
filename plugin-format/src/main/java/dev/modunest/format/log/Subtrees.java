package dev.modunest.format.log;

import java.util.ArrayList;
import java.util.List;

/** Ranges of leaves as the perfect subtrees that they consist of. */
final class Subtrees {

    private Subtrees() {}

    /**
     * The roots of the perfect subtrees over the leaves from {@code start} to before {@code end},
     * from left to right; {@code start} is a multiple of the largest.
     */
    static List<Hash> perfect(long start, long end, TreeNodes nodes) {
        List<Hash> roots = new ArrayList<>();
        long from = start;
        while (from < end) {
            int level = 63 - Long.numberOfLeadingZeros(end - from);
            roots.add(nodes.node(level, from >> level));
            from += 1L << level;
        }
        return roots;
    }

    /** The hash of the leaves from {@code start} to before {@code end} (RFC 6962 2.1, MTH). */
    static Hash root(long start, long end, TreeNodes nodes) {
        return fold(perfect(start, end, nodes));
    }

    static Hash fold(List<Hash> roots) {
        if (roots.isEmpty()) {
            return Hash.empty();
        }
        Hash folded = roots.getLast();
        for (int i = roots.size() - 2; i >= 0; i--) {
            folded = Hash.node(roots.get(i), folded);
        }
        return folded;
    }

    /** The largest power of two that is less than {@code size}, which is more than 1. */
    static long split(long size) {
        return Long.highestOneBit(size - 1);
    }
}
