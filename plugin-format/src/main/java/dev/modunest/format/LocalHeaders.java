package dev.modunest.format;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads local headers and data descriptors and reports what is not allowed in them. */
final class LocalHeaders {

    static final long SIGNATURE = 0x04034b50L;
    private static final long DESCRIPTOR_SIGNATURE = 0x08074b50L;
    private static final long MAX_32 = 0xFFFFFFFFL;
    private static final int UTF8 = 1 << 11;

    /** How hard the compressor tried: bits 1 and 2, for deflate only. */
    private static final int LEVEL = 6;

    private LocalHeaders() {}

    /** Reads the header that comes next, signature included, without any judgement. */
    static LocalEntry read(ArchiveBytes bytes) throws IOException, ArchiveStop {
        long offset = bytes.position();
        bytes.skip(6);
        int flags = bytes.u16();
        int method = bytes.u16();
        bytes.skip(4);
        long crc = bytes.u32();
        long packed = bytes.u32();
        long unpacked = bytes.u32();
        int nameLength = bytes.u16();
        int extraLength = bytes.u16();
        byte[] rawName = bytes.bytes(nameLength);
        String name =
                EntryNames.decode(rawName)
                        .orElseGet(() -> new String(rawName, StandardCharsets.ISO_8859_1));
        LocalEntry entry =
                new LocalEntry(offset, rawName, name, flags, method, crc, packed, unpacked);
        entry.extra = bytes.bytes(extraLength);
        return entry;
    }

    /** Reports what is not allowed in a header; stops when its data cannot be stepped over. */
    static void check(LocalEntry entry, Findings findings) throws ArchiveStop {
        if (EntryNames.decode(entry.rawName).isEmpty()) {
            findings.add(ArchiveCode.BAD_NAME, entry.shown(), "the name is not UTF-8");
        } else {
            EntryNames.check(entry.name, entry.rawName, entry.flags, findings);
        }
        ExtraFields.check(
                entry.extra,
                new ExtraFields.Header(entry.shown(), entry.packed, entry.unpacked),
                findings);
        if (entry.isEncrypted()) {
            findings.add(ArchiveCode.ENCRYPTED_ENTRY, entry.shown(), "the entry is encrypted");
        }
        boolean deflated = entry.method == LocalEntry.DEFLATED;
        int allowed = LocalEntry.DESCRIPTOR | UTF8 | (deflated ? LEVEL : 0) | 1;
        if ((entry.flags & ~allowed) != 0) {
            findings.add(
                    ArchiveCode.UNSUPPORTED_FLAGS,
                    entry.shown(),
                    "the general purpose flags are 0x" + Integer.toHexString(entry.flags));
        }
        if (!deflated && entry.method != LocalEntry.STORED) {
            findings.add(
                    ArchiveCode.UNSUPPORTED_METHOD,
                    entry.shown(),
                    "the compression method is "
                            + entry.method
                            + "; 0 (stored) and 8 (deflated) are allowed");
        }
        checkSizes(entry, deflated, findings);
    }

    private static void checkSizes(LocalEntry entry, boolean deflated, Findings findings)
            throws ArchiveStop {
        if (entry.hasDescriptor()) {
            if (!deflated || entry.isEncrypted()) {
                throw new ArchiveStop(
                        0,
                        ArchiveCode.STORED_WITH_DESCRIPTOR.at(
                                entry.shown(),
                                "the entry is not deflated and has its size behind its data only"));
            }
        } else if (entry.packed == MAX_32 || entry.unpacked == MAX_32) {
            throw new ArchiveStop(
                    0,
                    ArchiveCode.ZIP64_NOT_NEEDED.at(
                            entry.shown(), "the entry has its size in a zip64 extra field only"));
        } else if (entry.method == LocalEntry.STORED && entry.packed != entry.unpacked) {
            findings.add(
                    ArchiveCode.SIZE_MISMATCH,
                    entry.shown(),
                    "a stored entry is "
                            + entry.packed
                            + " bytes packed and "
                            + entry.unpacked
                            + " unpacked");
        }
    }

    /**
     * Compares header and descriptor with the data that was read, which then stands in the entry.
     */
    static void finish(
            LocalEntry entry, EntryContent content, ArchiveBytes bytes, Findings findings)
            throws IOException, ArchiveStop {
        if (content.unusedBytes() > 0) {
            findings.add(
                    ArchiveCode.SIZE_MISMATCH,
                    entry.shown(),
                    "the last " + content.unusedBytes() + " bytes of the entry are not its data");
            bytes.skip(content.unusedBytes());
        }
        long packed = content.packed();
        if (entry.hasDescriptor()) {
            checkHeaderOfDescribed(entry, content, packed, findings);
            readDescriptor(entry, content, packed, bytes, findings);
        } else {
            if (entry.unpacked != content.unpacked()) {
                findings.add(
                        ArchiveCode.SIZE_MISMATCH,
                        entry.shown(),
                        "the header says "
                                + entry.unpacked
                                + " bytes, the data has "
                                + content.unpacked());
            }
            if (entry.crc != content.crc()) {
                findings.add(ArchiveCode.CRC_MISMATCH, entry.shown(), "the CRC-32 differs");
            }
        }
        entry.crc = content.crc();
        entry.packed = packed;
        entry.unpacked = content.unpacked();
    }

    /** With a descriptor the header has zeros, or the truth. */
    private static void checkHeaderOfDescribed(
            LocalEntry entry, EntryContent content, long packed, Findings findings) {
        boolean agrees =
                (entry.crc == 0 || entry.crc == content.crc())
                        && (entry.packed == 0 || entry.packed == packed)
                        && (entry.unpacked == 0 || entry.unpacked == content.unpacked());
        if (!agrees) {
            findings.add(
                    ArchiveCode.HEADER_MISMATCH,
                    entry.shown(),
                    "the local header gives other sizes than the data has");
        }
    }

    private static void readDescriptor(
            LocalEntry entry,
            EntryContent content,
            long packed,
            ArchiveBytes bytes,
            Findings findings)
            throws IOException, ArchiveStop {
        if (bytes.peekSignature() != DESCRIPTOR_SIGNATURE) {
            throw new ArchiveStop(
                    0,
                    ArchiveCode.BAD_DESCRIPTOR.at(
                            entry.shown(), "no data descriptor with its signature follows"));
        }
        bytes.skip(4);
        long crc = bytes.u32();
        long packedSaid = bytes.u32();
        long unpackedSaid = bytes.u32();
        if (crc != content.crc() || packedSaid != packed || unpackedSaid != content.unpacked()) {
            findings.add(
                    ArchiveCode.BAD_DESCRIPTOR,
                    entry.shown(),
                    "it says "
                            + packedSaid
                            + " bytes packed and "
                            + unpackedSaid
                            + " unpacked, the data has "
                            + packed
                            + " and "
                            + content.unpacked()
                            + (crc == content.crc() ? "" : "; the CRC-32 differs"));
        }
    }
}
