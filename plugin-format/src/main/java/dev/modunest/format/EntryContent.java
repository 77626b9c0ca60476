package dev.modunest.format;

import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The unpacked bytes of one entry after the other. Counts what goes in and out and stops at the
 * bounds. Not thread-safe.
 */
final class EntryContent implements ByteSource, AutoCloseable {

    private static final long UNKNOWN = Long.MAX_VALUE;

    private final ArchiveBytes bytes;
    private final UnpackBudget budget;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private String name = "";
    private boolean stored;
    private long packedLeft;
    private long start;
    private long unpacked;
    private boolean finished;

    EntryContent(ArchiveBytes bytes, UnpackBudget budget) {
        this.bytes = bytes;
        this.budget = budget;
    }

    /** Begins with {@code entry}, whose data comes next. */
    void open(LocalEntry entry, String where) {
        name = where;
        stored = entry.method == LocalEntry.STORED;
        packedLeft = entry.hasDescriptor() ? UNKNOWN : entry.packed;
        start = bytes.position();
        unpacked = 0;
        finished = false;
        inflater.reset();
        crc.reset();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException, ArchiveStop {
        int count = stored ? copy(into, offset, length) : inflate(into, offset, length);
        if (count > 0) {
            crc.update(into, offset, count);
            unpacked += count;
            budget.spend(name, unpacked, count);
        }
        return count;
    }

    private int copy(byte[] into, int offset, int length) throws IOException, ArchiveStop {
        if (packedLeft == 0) {
            return -1;
        }
        int count = bytes.copy(into, offset, (int) Math.min(length, packedLeft));
        packedLeft -= count;
        return count;
    }

    private int inflate(byte[] into, int offset, int length) throws IOException, ArchiveStop {
        while (!finished) {
            if (packedLeft == 0) {
                throw damaged("the compressed data does not end where its header says");
            }
            long before = bytes.position();
            int count;
            try {
                count = bytes.inflate(inflater, packedLeft, into, offset, length);
            } catch (DataFormatException bad) {
                throw damaged("the compressed data is not deflate: " + bad.getMessage());
            }
            if (packedLeft != UNKNOWN) {
                packedLeft -= bytes.position() - before;
            }
            finished = inflater.finished();
            if (count > 0) {
                return count;
            }
            if (inflater.needsDictionary()) {
                throw damaged("the compressed data needs a dictionary");
            }
        }
        return -1;
    }

    private ArchiveStop damaged(String detail) {
        return new ArchiveStop(bytes.depth(), ArchiveCode.BAD_DATA.at(name, detail));
    }

    long crc() {
        return crc.getValue();
    }

    long unpacked() {
        return unpacked;
    }

    long packed() {
        return bytes.position() - start;
    }

    /** Bytes that the header claims for the data and that are not part of it. */
    long unusedBytes() {
        return packedLeft == UNKNOWN ? 0 : packedLeft;
    }

    @Override
    public void close() {
        inflater.end();
    }
}
