package dev.modunest.db;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.AuditFault.Kind;

import java.util.Optional;

/**
 * Follows documents of the audit in the order of their chain up to the first that does not fit. Not
 * thread-safe.
 */
public final class AuditChain {

    /** How far away from its place an entry is recognised; each place costs a hash. */
    private static final long MOST_MOVED = 1_000;

    private final Optional<AuditHead> noted;
    private final boolean fromTheBeginning;
    private final AuditGaps gaps;

    private AuditHead last = AuditHead.EMPTY;
    private long entries;
    private long first;
    private boolean compared;

    /** Told with the next entry: a file may have the missing one a line later. */
    private Optional<AuditFault> missing = Optional.empty();

    /**
     * @param newestExpiry the newest entry that {@link #isExpiry}: it tells which are not there
     * @param noted a head that was noted earlier
     * @param fromTheBeginning whether entries before the first have to be accounted for
     */
    public AuditChain(
            Optional<ObjectNode> newestExpiry,
            Optional<AuditHead> noted,
            boolean fromTheBeginning) {
        this.noted = noted;
        this.fromTheBeginning = fromTheBeginning;
        this.gaps = new AuditGaps(newestExpiry);
        this.compared = noted.isEmpty() || noted.get().equals(AuditHead.EMPTY);
    }

    /** Whether {@code document} has what {@link #add} needs. */
    public static boolean isEntry(JsonNode document) {
        return document.isObject()
                && document.path("sequence").canConvertToLong()
                && document.path("sequence").asLong() > 0
                && document.path("previous_hash").isTextual()
                && document.path("hash").isTextual();
    }

    /** Whether it tells what retention took away. */
    public static boolean isExpiry(JsonNode entry) {
        return entry.path("action").asText().equals(AuditStore.EXPIRED);
    }

    /** Takes the next entry; what is wrong with it or before it, after which nothing is taken. */
    public Optional<AuditFault> add(ObjectNode entry) {
        Optional<AuditFault> fault = order(entry).or(() -> content(entry)).or(() -> link(entry));
        if (fault.isPresent()) {
            return fault;
        }
        if (entries == 0) {
            first = sequence(entry);
        }
        entries++;
        last = new AuditHead(sequence(entry), hash(entry));
        gaps.met(entry);
        return noted.filter(head -> head.sequence() == last.sequence()).flatMap(this::compare);
    }

    private static long sequence(ObjectNode entry) {
        return entry.path("sequence").asLong();
    }

    private static String hash(ObjectNode entry) {
        return entry.path("hash").asText();
    }

    private static String previousHash(ObjectNode entry) {
        return entry.path("previous_hash").asText();
    }

    private Optional<AuditFault> order(ObjectNode entry) {
        long sequence = sequence(entry);
        if (entries == 0 || sequence > last.sequence()) {
            return missing;
        }
        return Optional.of(
                sequence == last.sequence()
                        ? new AuditFault(
                                Kind.REPEATED,
                                sequence,
                                "there is a second entry " + sequence + ", of " + entry.path("at"))
                        : new AuditFault(
                                Kind.REORDERED,
                                sequence,
                                "entry " + sequence + " comes after entry " + last.sequence()));
    }

    private static Optional<AuditFault> content(ObjectNode entry) {
        if (hasItsHash(entry)) {
            return Optional.empty();
        }
        long sequence = sequence(entry);
        ObjectNode elsewhere = entry.deepCopy();
        for (long place = Math.max(1, sequence - MOST_MOVED);
                place <= sequence + MOST_MOVED;
                place++) {
            if (hasItsHash(elsewhere.put("sequence", place))) {
                return Optional.of(
                        new AuditFault(
                                Kind.REORDERED,
                                sequence,
                                "at the place of entry " + sequence + " stands entry " + place));
            }
        }
        return Optional.of(
                new AuditFault(
                        Kind.CHANGED,
                        sequence,
                        "entry "
                                + sequence
                                + " is not what was written: it has not the hash "
                                + hash(entry)));
    }

    private static boolean hasItsHash(ObjectNode entry) {
        try {
            return hash(entry).equals(AuditJson.hash(entry));
        } catch (IllegalArgumentException neverWritten) {
            return false;
        }
    }

    private Optional<AuditFault> link(ObjectNode entry) {
        long sequence = sequence(entry);
        if (entries == 0 && !fromTheBeginning) {
            return Optional.empty();
        }
        if (sequence > last.sequence() + 1) {
            missing =
                    gaps.add(
                            new AuditSpan(
                                    last.sequence() + 1,
                                    sequence - 1,
                                    last.hash(),
                                    previousHash(entry)));
            return Optional.empty();
        }
        if (previousHash(entry).equals(last.hash())) {
            return Optional.empty();
        }
        return Optional.of(
                entries == 0
                        ? new AuditFault(
                                Kind.CHANGED,
                                1,
                                "entry 1 follows another, and there is none before")
                        : new AuditFault(
                                Kind.REPLACED,
                                last.sequence(),
                                "entry "
                                        + last.sequence()
                                        + " is another than when entry "
                                        + sequence
                                        + " was written after it: its hash was "
                                        + previousHash(entry)
                                        + " and is "
                                        + last.hash()));
    }

    private Optional<AuditFault> compare(AuditHead head) {
        compared = true;
        return head.equals(last)
                ? Optional.empty()
                : Optional.of(
                        new AuditFault(
                                Kind.REWRITTEN,
                                head.sequence(),
                                "entry "
                                        + head.sequence()
                                        + " has the hash "
                                        + last.hash()
                                        + " and had another when its head was noted: the chain was written anew"));
    }

    /**
     * What is wrong, after all entries were taken and found right.
     *
     * @param head what is said to be the last entry
     */
    public Optional<AuditFault> finish(Optional<AuditHead> head) {
        return missing.or(gaps::fault).or(() -> head.flatMap(this::end)).or(this::notCompared);
    }

    private Optional<AuditFault> end(AuditHead head) {
        if (last.equals(head)) {
            return Optional.empty();
        }
        return Optional.of(
                last.sequence() < head.sequence()
                        ? truncated("audit_head says that there are " + head.sequence())
                        : new AuditFault(
                                Kind.HEAD_DIFFERS,
                                last.sequence(),
                                "the last entry, "
                                        + last.sequence()
                                        + ", is another than audit_head says: its hash is "
                                        + last.hash()
                                        + " and not "
                                        + head.hash()));
    }

    private AuditFault truncated(String why) {
        return new AuditFault(
                Kind.TRUNCATED,
                last.sequence() + 1,
                "the last entry is " + last.sequence() + ", and " + why);
    }

    private Optional<AuditFault> notCompared() {
        if (compared || gaps.endsWith(noted.orElseThrow())) {
            return Optional.empty();
        }
        long sequence = noted.orElseThrow().sequence();
        return Optional.of(
                sequence > last.sequence()
                        ? truncated("the noted head is of entry " + sequence)
                        : new AuditFault(
                                Kind.NOT_COMPARED,
                                sequence,
                                "entry "
                                        + sequence
                                        + " of the noted head is not here any more; compare with a later head"));
    }

    /** The last entry that was taken. */
    public AuditHead last() {
        return last;
    }

    public long entries() {
        return entries;
    }

    /** The sequence of the first entry; 0 without any. */
    public long first() {
        return first;
    }

    /** How many entries retention took away between and before those that were taken. */
    public long expired() {
        return gaps.entries();
    }
}
