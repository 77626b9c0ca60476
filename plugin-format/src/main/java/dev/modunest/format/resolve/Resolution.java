package dev.modunest.format.resolve;

import dev.modunest.format.Coordinate;
import dev.modunest.format.PluginId;
import dev.modunest.format.VersionRange;

import java.time.Instant;
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

    /** Given up: whether there is a plan is not known. */
    record TooComplex(Reason reason) implements Resolution {}

    /**
     * One fact that makes resolution impossible, or ends it.
     *
     * @param code {@code unknown-plugin}, {@code no-matching-release}, {@code host-mismatch},
     *     {@code release-too-young}, {@code range-conflict} or {@code cycle}; {@code too-complex}
     *     of what is given up
     * @param detail who requires what, and what there is
     * @param fix what the asker can do: the remedies in words, then what else there is
     * @param remedies changes of the request with which the requirements that take part in this
     *     conflict have been found to have a plan
     */
    record Reason(String code, String detail, String fix, List<Remedy> remedies) {

        public Reason {
            remedies = List.copyOf(remedies);
        }

        Reason(String code, String detail, String fix) {
            this(code, detail, fix, List.of());
        }
    }

    /** One change of the request that makes a plan possible. */
    sealed interface Remedy {

        /** Admit pre-releases: {@code fits} is one that would be chosen. */
        record AllowPrereleases(Coordinate fits) implements Remedy {}

        /** Wait, or lower the minimum age: {@code fits} is old enough at {@code oldEnough}. */
        record Wait(Coordinate fits, Instant oldEnough) implements Remedy {}

        /** Use a host that is in {@code host}, the range of {@code fits}. */
        record OtherHost(Coordinate fits, VersionRange host) implements Remedy {}

        /** Ask for other versions of a plugin. */
        record OtherRange(PluginId plugin, VersionRange from, VersionRange to) implements Remedy {}

        /** Do without a plugin; told when nothing else helps. */
        record LeaveOut(PluginId plugin) implements Remedy {}
    }
}
