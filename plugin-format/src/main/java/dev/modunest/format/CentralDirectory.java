package dev.modunest.format;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Reads the central directory and holds it against the local headers, entry by entry. */
final class CentralDirectory {

    static final long SIGNATURE = 0x02014b50L;
    private static final int TYPE_MASK = 0xF;
    private static final int REGULAR = 8;
    private static final int DIRECTORY = 4;
    private static final int SYMBOLIC_LINK = 10;

    /** All bits set: what Maven's archiver long wrote for directories of unknown mode. */
    private static final int UNKNOWN = 15;

    private CentralDirectory() {}

    /** Reads all records; returns how many there are. */
    static int read(
            ArchiveBytes bytes, List<LocalEntry> entries, ArchiveLimits limits, Findings findings)
            throws IOException, ArchiveStop {
        int count = 0;
        while (bytes.peekSignature() == SIGNATURE) {
            if (count == limits.entries()) {
                throw new ArchiveStop(
                        0,
                        ArchiveCode.TOO_MANY_ENTRIES.at(
                                "",
                                "the central directory lists more entries than the limit of "
                                        + limits.entries()));
            }
            record(bytes, count < entries.size() ? entries.get(count) : null, findings);
            count++;
        }
        for (LocalEntry hidden : entries.subList(Math.min(count, entries.size()), entries.size())) {
            findings.add(
                    ArchiveCode.HIDDEN_ENTRY,
                    hidden.shown(),
                    "the entry is not in the central directory");
        }
        return count;
    }

    private static void record(
            ArchiveBytes bytes,
            @Nullable LocalEntry entry, // null past the last one
            Findings findings)
            throws IOException, ArchiveStop {
        bytes.skip(8);
        int flags = bytes.u16();
        int method = bytes.u16();
        bytes.skip(4);
        long crc = bytes.u32();
        long packed = bytes.u32();
        long unpacked = bytes.u32();
        int nameLength = bytes.u16();
        int extraLength = bytes.u16();
        int commentLength = bytes.u16();
        int disk = bytes.u16();
        bytes.skip(2);
        long attributes = bytes.u32();
        long offset = bytes.u32();
        byte[] rawName = bytes.bytes(nameLength);
        byte[] extra = bytes.bytes(extraLength);
        bytes.skip(commentLength);

        String name = EntryNames.shown(new String(rawName, StandardCharsets.UTF_8));
        ExtraFields.check(extra, new ExtraFields.Header(name, packed, unpacked), findings);
        checkType(name, attributes, findings);
        if (entry == null) {
            findings.add(
                    ArchiveCode.MISSING_ENTRY, name, "there is no local header for this record");
            return;
        }
        compare(entry, "name", Arrays.equals(rawName, entry.rawName), findings);
        compare(entry, "flags", flags == entry.flags, findings);
        compare(entry, "method", method == entry.method, findings);
        compare(entry, "CRC-32", crc == entry.crc, findings);
        compare(entry, "packed size", packed == entry.packed, findings);
        compare(entry, "unpacked size", unpacked == entry.unpacked, findings);
        compare(entry, "offset", offset == entry.offset, findings);
        compare(entry, "disk", disk == 0, findings);
    }

    private static void compare(LocalEntry entry, String what, boolean same, Findings findings) {
        if (!same) {
            findings.add(
                    ArchiveCode.HEADER_MISMATCH,
                    entry.shown(),
                    "the central directory has another " + what);
        }
    }

    /** The Unix file type in the external attributes, where a tool wrote one. */
    private static void checkType(String name, long attributes, Findings findings) {
        int type = (int) (attributes >>> 28) & TYPE_MASK;
        if (type == SYMBOLIC_LINK) {
            findings.add(ArchiveCode.SYMBOLIC_LINK, name, "the entry is a symbolic link");
        } else if (type == UNKNOWN && name.endsWith("/")) {
            return;
        } else if (type != 0 && type != REGULAR && type != DIRECTORY) {
            findings.add(ArchiveCode.SPECIAL_FILE, name, "the entry is a device, pipe or socket");
        } else if (type == DIRECTORY && !name.endsWith("/")) {
            findings.add(
                    ArchiveCode.SPECIAL_FILE,
                    name,
                    "the entry is a directory by its attributes and a file by its name");
        }
    }
}
