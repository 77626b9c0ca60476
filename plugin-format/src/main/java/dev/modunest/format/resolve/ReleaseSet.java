package dev.modunest.format.resolve;

import java.util.Arrays;

/**
 * A set of the choices for one plugin, as bits: 0 is its absence, i + 1 its i-th preferred release.
 * Changed by {@link #add} only, before it is shared.
 */
final class ReleaseSet {

    static final int ABSENT = 0;

    private final long[] words;

    private ReleaseSet(long[] words) {
        this.words = words;
    }

    /** The empty set over {@code size} choices. */
    static ReleaseSet none(int size) {
        return new ReleaseSet(new long[(size + 63) >>> 6]);
    }

    /** All of {@code size} choices. */
    static ReleaseSet all(int size) {
        ReleaseSet all = none(size);
        Arrays.fill(all.words, -1L);
        if ((size & 63) != 0) {
            all.words[all.words.length - 1] = (1L << size) - 1;
        }
        return all;
    }

    ReleaseSet with(int choice) {
        long[] copy = words.clone();
        copy[choice >>> 6] |= 1L << choice;
        return new ReleaseSet(copy);
    }

    /** Adds to this very set: for building one. */
    void add(int choice) {
        words[choice >>> 6] |= 1L << choice;
    }

    boolean contains(int choice) {
        return (words[choice >>> 6] & 1L << choice) != 0;
    }

    boolean isEmpty() {
        for (long word : words) {
            if (word != 0) {
                return false;
            }
        }
        return true;
    }

    boolean isWithin(ReleaseSet other) {
        for (int i = 0; i < words.length; i++) {
            if ((words[i] & ~other.words[i]) != 0) {
                return false;
            }
        }
        return true;
    }

    boolean meets(ReleaseSet other) {
        for (int i = 0; i < words.length; i++) {
            if ((words[i] & other.words[i]) != 0) {
                return true;
            }
        }
        return false;
    }

    ReleaseSet and(ReleaseSet other) {
        long[] result = words.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] &= other.words[i];
        }
        return new ReleaseSet(result);
    }

    ReleaseSet or(ReleaseSet other) {
        long[] result = words.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] |= other.words[i];
        }
        return new ReleaseSet(result);
    }

    ReleaseSet minus(ReleaseSet other) {
        long[] result = words.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] &= ~other.words[i];
        }
        return new ReleaseSet(result);
    }

    /** The lowest choice at or after {@code from}; -1 when there is none. */
    int next(int from) {
        for (int i = from >>> 6; i < words.length; i++) {
            long word = i == from >>> 6 ? words[i] & -1L << from : words[i];
            if (word != 0) {
                return (i << 6) + Long.numberOfTrailingZeros(word);
            }
        }
        return -1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ReleaseSet set && Arrays.equals(words, set.words);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words);
    }
}
