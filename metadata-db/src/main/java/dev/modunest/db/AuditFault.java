package dev.modunest.db;

import java.util.Locale;

/**
 * Where the chain of the audit is broken.
 *
 * @param sequence of the entry
 * @param detail for people
 */
public record AuditFault(Kind kind, long sequence, String detail) {

    /** How. */
    public enum Kind {
        /** The entry has not the hash that is kept with it. */
        CHANGED,
        /** Entries are gone, and not by retention. */
        MISSING,
        /** The entry stands at the place of another. */
        REORDERED,
        /** The entry has a right hash, which the next one does not know. */
        REPLACED,
        /** There is a second entry of this sequence. */
        REPEATED,
        /** The last entries are gone. */
        TRUNCATED,
        /** The kept head is not that of the last entry. */
        HEAD_DIFFERS,
        /** The chain is another than when its head was noted. */
        REWRITTEN,
        /** The entry of the noted head is not there any more, or not in the file. */
        NOT_COMPARED,
        /** An entry without a place in the chain came after the chain began. */
        UNCHAINED;

        /** As it is told: {@code head-differs}. */
        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
