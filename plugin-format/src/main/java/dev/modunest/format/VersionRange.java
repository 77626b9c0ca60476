package dev.modunest.format;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/**
 * A set of versions in npm's range grammar: what npm's {@code semver} package (7.8) answers in
 * strict mode, {@code docs/format/versions.md}. Two ranges are equal when they were written the
 * same.
 */
public final class VersionRange {

    private final String text;

    /** The alternatives; an empty one is {@code *}. Null when the range is invalid in this mode. */
    private final Bound @Nullable [][] releases;

    /** As {@link #releases}, with pre-releases included. */
    private final Bound @Nullable [][] everything;

    private VersionRange(
            String text, Bound @Nullable [][] releases, Bound @Nullable [][] everything) {
        this.text = text;
        this.releases = releases;
        this.everything = everything;
    }

    public static VersionRange parse(String text) {
        VersionRange range = read(text);
        if (range.releases == null) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a version range: write ^1.2, ~1.2.3, >=1 <2 or 1.x");
        }
        return range;
    }

    public static Optional<VersionRange> tryParse(String text) {
        VersionRange range = read(text);
        return range.releases == null ? Optional.empty() : Optional.of(range);
    }

    /**
     * As {@link #tryParse}, for {@link #containsIncludingPrereleases}: npm finds a few ranges valid
     * in one mode only, such as {@code 1.0.0 - =2.0.0}.
     */
    public static Optional<VersionRange> tryParseIncludingPrereleases(String text) {
        VersionRange range = read(text);
        return range.everything == null ? Optional.empty() : Optional.of(range);
    }

    private static VersionRange read(String text) {
        return new VersionRange(
                text,
                arrays(RangeParser.parse(text, false)),
                arrays(RangeParser.parse(text, true)));
    }

    private static Bound @Nullable [][] arrays(Optional<List<List<Bound>>> alternatives) {
        if (alternatives.isEmpty()) {
            return null;
        }
        Bound[][] arrays = new Bound[alternatives.get().size()][];
        for (int i = 0; i < arrays.length; i++) {
            arrays[i] = alternatives.get().get(i).toArray(new Bound[0]);
        }
        return arrays;
    }

    /**
     * Whether {@code version} is in the range; pre-releases only where a comparator names one of
     * the same triple.
     */
    public boolean contains(Version version) {
        if (releases == null) {
            return false;
        }
        for (Bound[] bounds : releases) {
            if (admits(bounds, version)
                    && (!version.isPrerelease() || namesPrereleaseOf(bounds, version))) {
                return true;
            }
        }
        return false;
    }

    /**
     * As {@link #contains(Version)}, with pre-releases ordered like any other version (npm's
     * includePrerelease).
     */
    public boolean containsIncludingPrereleases(Version version) {
        if (everything == null) {
            return false;
        }
        for (Bound[] bounds : everything) {
            if (admits(bounds, version)) {
                return true;
            }
        }
        return false;
    }

    private static boolean admits(Bound[] bounds, Version version) {
        for (Bound bound : bounds) {
            if (!bound.admits(version)) {
                return false;
            }
        }
        return true;
    }

    private static boolean namesPrereleaseOf(Bound[] bounds, Version version) {
        for (Bound bound : bounds) {
            if (bound.version().isPrerelease() && bound.version().isSameTriple(version)) {
                return true;
            }
        }
        return false;
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
