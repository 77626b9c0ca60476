package dev.modunest.format.resolve;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a host wants of releases beyond the ranges.
 *
 * @param includePrereleases whether every range admits pre-releases as ordinary versions
 * @param minimumAge what is younger is not chosen, unless it is locked or installed
 * @param preference which release comes first among those that are possible
 */
public record ResolvePolicy(
        boolean includePrereleases, Optional<MinimumAge> minimumAge, Preference preference) {

    public static final ResolvePolicy DEFAULT =
            new ResolvePolicy(false, Optional.empty(), Preference.HIGHEST);

    /** Which releases are tried first; locked ones come before all others in either case. */
    public enum Preference {
        /** The highest version. */
        HIGHEST,
        /** What is installed, then the highest version. */
        INSTALLED
    }

    /**
     * How old a release has to be.
     *
     * @param age zero to {@link #MAX}
     * @param asOf the time at which its age is taken, so that the same request has the same answer
     */
    public record MinimumAge(Duration age, Instant asOf) {

        public static final Duration MAX = Duration.ofDays(3_650);

        private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

        public MinimumAge {
            if (age.isNegative() || age.compareTo(MAX) > 0) {
                throw new IllegalArgumentException(
                        age + " is not a minimum age: write P0D to P" + MAX.toDays() + "D");
            }
            if (asOf.isBefore(Instant.EPOCH) || asOf.isAfter(LATEST)) {
                throw new IllegalArgumentException(asOf + " is not a time from 1970 to 9999");
            }
        }

        /** Whether it was published long enough before; not when the time is unknown. */
        public boolean isMetBy(IndexEntry entry) {
            return entry.publishedAt()
                    .filter(published -> !published.isAfter(asOf.minus(age)))
                    .isPresent();
        }
    }
}
