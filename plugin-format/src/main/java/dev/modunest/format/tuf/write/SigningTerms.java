package dev.modunest.format.tuf.write;

import java.time.Duration;

/**
 * How long what each role signs is valid, and how old it gets before it is signed again though
 * nothing changed.
 */
public record SigningTerms(
        Term root, Term targets, Term revocations, Term bins, Term snapshot, Term timestamp) {

    public static final SigningTerms DEFAULT =
            new SigningTerms(
                    new Term(Duration.ofDays(365), Duration.ofDays(335)),
                    new Term(Duration.ofDays(180), Duration.ofDays(150)),
                    new Term(Duration.ofDays(7), Duration.ofHours(1)),
                    new Term(Duration.ofHours(24), Duration.ofHours(12)),
                    new Term(Duration.ofDays(7), Duration.ofDays(1)),
                    new Term(Duration.ofHours(24), Duration.ofMinutes(10)));

    /**
     * Of one role.
     *
     * @param validity from signing to {@code expires}
     * @param renewal from signing to the next signing at the latest
     */
    public record Term(Duration validity, Duration renewal) {

        public Term {
            if (!renewal.isPositive() || renewal.compareTo(validity) >= 0) {
                throw new IllegalArgumentException(
                        "renewed after "
                                + renewal
                                + ", which must be within the validity "
                                + validity);
            }
        }
    }
}
