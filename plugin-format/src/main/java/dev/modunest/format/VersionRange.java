package dev.modunest.format;

import java.util.Optional;

/**
 * A set of versions in npm's range grammar. Two ranges are equal when they were written the same.
 */
public final class VersionRange {

    private final String text;

    private VersionRange(String text) {
        this.text = text;
    }

    public static VersionRange parse(String text) {
        return tryParse(text)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "'"
                                                + text
                                                + "' is not a version range: write ^1.2, ~1.2.3, >=1 <2 or 1.x"));
    }

    public static Optional<VersionRange> tryParse(String text) {
        return Optional.of(new VersionRange(text));
    }

    /**
     * Whether {@code version} is in the range; pre-releases only where a comparator names one of
     * the same triple.
     */
    public boolean contains(Version version) {
        throw new UnsupportedOperationException(version.toString());
    }

    /**
     * As {@link #contains(Version)}, with pre-releases ordered like any other version (npm's
     * includePrerelease).
     */
    public boolean containsIncludingPrereleases(Version version) {
        throw new UnsupportedOperationException(version.toString());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VersionRange range && range.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The range as it was written. */
    @Override
    public String toString() {
        return text;
    }
}
