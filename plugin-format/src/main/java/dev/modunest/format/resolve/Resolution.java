package dev.modunest.format.resolve;

import java.util.List;

/** The outcome of {@link Resolver#resolve}. */
public sealed interface Resolution {

    record Resolved(Plan plan) implements Resolution {}

    /**
     * No set of releases satisfies all ranges; {@code reasons} says why, most telling first; never
     * empty.
     */
    record Conflict(List<Reason> reasons) implements Resolution {
        public Conflict {
            reasons = List.copyOf(reasons);
            if (reasons.isEmpty()) {
                throw new IllegalArgumentException("a conflict names its reasons");
            }
        }
    }

    /**
     * One fact that makes resolution impossible.
     *
     * @param code {@code unknown-plugin}, {@code no-matching-release}, {@code host-mismatch},
     *     {@code range-conflict}, {@code cycle} or {@code too-complex}
     * @param detail who requires what, and what there is
     * @param fix what the asker can do
     */
    record Reason(String code, String detail, String fix) {}
}
