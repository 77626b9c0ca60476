package dev.modunest.db;

import dev.modunest.format.Digest;

/**
 * The last entry of the audit at some time: whoever noted it elsewhere can tell later whether
 * anything up to it was rewritten. Written {@code SEQUENCE:HASH}.
 *
 * @param hash of that entry, 64 hex digits
 */
public record AuditHead(long sequence, String hash) {

    /** That of an audit without entries, and so the hash before the first. */
    public static final AuditHead EMPTY = new AuditHead(0, "0".repeat(64));

    public AuditHead {
        if (sequence < 0 || Digest.tryHex(hash).isEmpty()) {
            throw new IllegalArgumentException(
                    "'" + sequence + ":" + hash + "' is not a head of the audit: SEQUENCE:HASH");
        }
    }

    /** Reads what {@link #toString} writes; throws IllegalArgumentException for anything else. */
    public static AuditHead parse(String text) {
        int colon = text.indexOf(':');
        try {
            return new AuditHead(
                    Long.parseLong(text.substring(0, Math.max(0, colon))),
                    text.substring(colon + 1));
        } catch (NumberFormatException malformed) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a head of the audit: SEQUENCE:HASH", malformed);
        }
    }

    @Override
    public String toString() {
        return sequence + ":" + hash;
    }
}
