package dev.modunest.format;

import java.util.Locale;
import java.util.Set;

/** The extra fields of a header: only those that no reader takes names or sizes from. */
final class ExtraFields {

    static final int ZIP64 = 0x0001;

    /**
     * NTFS times, the mark of a jar, extended timestamp, and the three generations of Info-ZIP's
     * Unix times and owners.
     */
    private static final Set<Integer> HARMLESS =
            Set.of(0x000A, 0xCAFE, 0x5455, 0x5855, 0x7855, 0x7875);

    private ExtraFields() {}

    /** Reports what is not allowed in {@code extra}. */
    static void check(byte[] extra, Header header, Findings findings) {
        int at = 0;
        boolean zip64 = false;
        while (at + 4 <= extra.length) {
            int id = u16(extra, at);
            int size = u16(extra, at + 2);
            if (at + 4 + size > extra.length) {
                break;
            }
            if (id == ZIP64 && !zip64) {
                zip64 = true;
                checkZip64(extra, at + 4, size, header, findings);
            } else if (!HARMLESS.contains(id)) {
                findings.add(
                        ArchiveCode.EXTRA_FIELD,
                        header.name(),
                        String.format(Locale.ROOT, "extra field 0x%04x is not allowed", id));
            }
            at += 4 + size;
        }
        if (at != extra.length) {
            findings.add(
                    ArchiveCode.EXTRA_FIELD,
                    header.name(),
                    "the extra fields do not fill their " + extra.length + " bytes");
        }
    }

    /** Name and sizes of a header, for its zip64 field. */
    record Header(String name, long packed, long unpacked) {}

    /**
     * A zip64 field gives sizes that the header has no room for; no entry within the limits is that
     * large. A field that repeats the header's sizes, or zeros, is what some tools leave behind.
     */
    private static void checkZip64(
            byte[] extra, int at, int size, Header header, Findings findings) {
        boolean harmless =
                header.packed() != 0xFFFFFFFFL
                        && header.unpacked() != 0xFFFFFFFFL
                        && size == 16
                        && isZeroOr(u64(extra, at), header.unpacked())
                        && isZeroOr(u64(extra, at + 8), header.packed());
        if (!harmless) {
            findings.add(
                    ArchiveCode.ZIP64_NOT_NEEDED,
                    header.name(),
                    "the entry has a zip64 extra field, which only entries of 4 GiB need");
        }
    }

    private static boolean isZeroOr(long value, long expected) {
        return value == 0 || value == expected;
    }

    private static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) | ((bytes[at + 1] & 0xFF) << 8);
    }

    private static long u64(byte[] bytes, int at) {
        long value = 0;
        for (int i = 7; i >= 0; i--) {
            value = (value << 8) | (bytes[at + i] & 0xFF);
        }
        return value;
    }
}
