package dev.modunest.format;

import java.io.IOException;

/** Reads the records behind the central directory: zip64 where it is needed, then the end. */
final class EndRecords {

    static final long SIGNATURE = 0x06054b50L;
    private static final long ZIP64_SIGNATURE = 0x06064b50L;
    private static final long LOCATOR_SIGNATURE = 0x07064b50L;
    private static final int MAX_16 = 0xFFFF;
    private static final long MAX_32 = 0xFFFFFFFFL;
    private static final int ZIP64_BODY = 44;

    private final ArchiveBytes bytes;
    private final Findings findings;
    private final long count;
    private final long directoryAt;
    private final long directorySize;

    /** The central directory that was read: its records, where it begins and its bytes. */
    EndRecords(
            ArchiveBytes bytes,
            Findings findings,
            long count,
            long directoryAt,
            long directorySize) {
        this.bytes = bytes;
        this.findings = findings;
        this.count = count;
        this.directoryAt = directoryAt;
        this.directorySize = directorySize;
    }

    void read() throws IOException, ArchiveStop {
        boolean needed = count >= MAX_16 || directoryAt >= MAX_32;
        if (bytes.peekSignature() == ZIP64_SIGNATURE) {
            zip64(needed);
        } else if (needed) {
            findings.add(ArchiveCode.BAD_ZIP64, "", "the archive needs zip64 records and has none");
        }
        if (bytes.peekSignature() != SIGNATURE) {
            throw new ArchiveStop(
                    0,
                    bytes.has(4)
                            ? ArchiveCode.UNEXPECTED_BYTES.at(
                                    "",
                                    "no record of an archive begins at byte " + bytes.position())
                            : ArchiveCode.TRUNCATED.at(
                                    "",
                                    "the archive ends at byte "
                                            + bytes.position()
                                            + " without its end record"));
        }
        end();
    }

    private void zip64(boolean needed) throws IOException, ArchiveStop {
        long at = bytes.position();
        if (!needed) {
            findings.add(
                    ArchiveCode.ZIP64_NOT_NEEDED,
                    "",
                    "the archive has zip64 records for " + count + " entries");
        }
        bytes.skip(4);
        boolean exact = bytes.u64() == ZIP64_BODY;
        bytes.skip(4);
        exact &= bytes.u32() == 0;
        exact &= bytes.u32() == 0;
        exact &= bytes.u64() == count;
        exact &= bytes.u64() == count;
        exact &= bytes.u64() == directorySize;
        exact &= bytes.u64() == directoryAt;
        exact &= bytes.u32() == LOCATOR_SIGNATURE;
        exact &= bytes.u32() == 0;
        exact &= bytes.u64() == at;
        exact &= bytes.u32() == 1;
        if (!exact) {
            findings.add(
                    ArchiveCode.BAD_ZIP64,
                    "",
                    "the zip64 records do not describe the central directory before them");
        }
    }

    private void end() throws IOException, ArchiveStop {
        bytes.skip(4);
        boolean exact = bytes.u16() == 0;
        exact &= bytes.u16() == 0;
        exact &= bytes.u16() == Math.min(count, MAX_16);
        exact &= bytes.u16() == Math.min(count, MAX_16);
        exact &= bytes.u32() == Math.min(directorySize, MAX_32);
        exact &= bytes.u32() == Math.min(directoryAt, MAX_32);
        if (!exact) {
            findings.add(
                    ArchiveCode.BAD_END_RECORD,
                    "",
                    "the end record does not describe the central directory of "
                            + count
                            + " records and "
                            + directorySize
                            + " bytes at byte "
                            + directoryAt);
        }
        int comment = bytes.u16();
        if (comment > 0) {
            findings.add(
                    ArchiveCode.ARCHIVE_COMMENT,
                    "",
                    "the archive has a comment of " + comment + " bytes");
        }
        bytes.skip(comment);
        long end = bytes.position();
        bytes.drain();
        if (bytes.position() > end) {
            findings.add(
                    ArchiveCode.TRAILING_BYTES,
                    "",
                    (bytes.position() - end) + " bytes follow the end of the archive");
        }
        int ends = bytes.countInTail(SIGNATURE);
        if (ends > 1) {
            findings.add(
                    ArchiveCode.AMBIGUOUS_END,
                    "",
                    "the last 64 KiB hold " + ends + " signatures of an end record");
        }
    }
}
