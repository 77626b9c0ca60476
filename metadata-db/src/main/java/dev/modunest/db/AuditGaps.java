package dev.modunest.db;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.AuditFault.Kind;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a walk along the chain found no entries, and whether an entry of the same chain tells that
 * retention took them away. Not thread-safe.
 */
final class AuditGaps {

    private final List<AuditSpan> gaps = new ArrayList<>();

    /** What is said of gaps; to be believed when the walk meets it. */
    private final Optional<ObjectNode> claim;

    private boolean claimMet;

    AuditGaps(Optional<ObjectNode> claim) {
        this.claim = claim;
    }

    /** Takes a gap; a fault when it is not said to be one. */
    Optional<AuditFault> add(AuditSpan gap) {
        if (!isClaimed(gap)) {
            return Optional.of(missing(gap, "no entry tells that retention took them"));
        }
        gaps.add(gap);
        return Optional.empty();
    }

    private boolean isClaimed(AuditSpan gap) {
        return claim.filter(entry -> AuditSpan.read(entry.path("detail")).contains(gap))
                .isPresent();
    }

    private static AuditFault missing(AuditSpan gap, String why) {
        String which =
                gap.from() == gap.to()
                        ? "entry " + gap.from() + " is"
                        : "entries " + gap.from() + " to " + gap.to() + " are";
        return new AuditFault(Kind.MISSING, gap.from(), which + " not there, and " + why);
    }

    /** An entry was found right. */
    void met(ObjectNode entry) {
        claimMet |= claim.filter(entry::equals).isPresent();
    }

    /** What is wrong with the gaps at the end of the walk. */
    Optional<AuditFault> fault() {
        if (gaps.isEmpty() || claimMet) {
            return Optional.empty();
        }
        return Optional.of(
                missing(
                        gaps.getFirst(),
                        "the entry that tells that retention took them is not in the chain"));
    }

    /** Whether one ends with the entry that {@code head} is of. */
    boolean endsWith(AuditHead head) {
        return gaps.stream()
                .anyMatch(gap -> gap.to() == head.sequence() && gap.hash().equals(head.hash()));
    }

    /** How many entries are gone. */
    long entries() {
        return gaps.stream().mapToLong(gap -> gap.to() - gap.from() + 1).sum();
    }
}
