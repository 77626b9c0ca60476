package dev.modunest.format;

import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A forward reader of little-endian records over one buffer that is large enough for any field of a
 * header. Not thread-safe.
 */
final class ArchiveBytes {

    private static final int SIZE = 128 << 10;

    /** Where the end record can begin: 64 KiB of comment and the record itself. */
    private static final int TAIL = 0xFFFF + 22;

    private final int depth;
    private final byte[] buffer = new byte[SIZE];
    private ByteSource source;
    private long base;
    private int at;
    private int limit;
    private boolean ended;

    ArchiveBytes(int depth, ByteSource source) {
        this.depth = depth;
        this.source = source;
    }

    /** Starts over with another source. */
    void reset(ByteSource next) {
        source = next;
        base = 0;
        at = 0;
        limit = 0;
        ended = false;
    }

    int depth() {
        return depth;
    }

    long position() {
        return base + at;
    }

    /** Whether at least {@code count} bytes are left; at most 64 KiB are asked for. */
    boolean has(int count) throws IOException, ArchiveStop {
        while (limit - at < count && !ended) {
            fill();
        }
        return limit - at >= count;
    }

    /** Adds to the buffer; keeps the tail of what was read as long as there is room for more. */
    private void fill() throws IOException, ArchiveStop {
        if (limit == SIZE) {
            int from = Math.min(at, limit - TAIL);
            System.arraycopy(buffer, from, buffer, 0, limit - from);
            base += from;
            at -= from;
            limit -= from;
        }
        int read = source.read(buffer, limit, SIZE - limit);
        if (read < 0) {
            ended = true;
        } else {
            limit += read;
        }
    }

    private void require(int count) throws IOException, ArchiveStop {
        if (!has(count)) {
            throw truncated();
        }
    }

    private ArchiveStop truncated() {
        return new ArchiveStop(
                depth,
                ArchiveCode.TRUNCATED.at(
                        "", "the archive ends at byte " + (base + limit) + " inside a record"));
    }

    /** The next four bytes, which stay unread; -1 when there are fewer. */
    long peekSignature() throws IOException, ArchiveStop {
        return has(4) ? word(at) : -1;
    }

    int u16() throws IOException, ArchiveStop {
        require(2);
        int value = (buffer[at] & 0xFF) | ((buffer[at + 1] & 0xFF) << 8);
        at += 2;
        return value;
    }

    long u32() throws IOException, ArchiveStop {
        require(4);
        long value = word(at);
        at += 4;
        return value;
    }

    long u64() throws IOException, ArchiveStop {
        long low = u32();
        return low | (u32() << 32);
    }

    private long word(int index) {
        return (buffer[index] & 0xFFL)
                | ((buffer[index + 1] & 0xFFL) << 8)
                | ((buffer[index + 2] & 0xFFL) << 16)
                | ((buffer[index + 3] & 0xFFL) << 24);
    }

    byte[] bytes(int count) throws IOException, ArchiveStop {
        require(count);
        byte[] bytes = java.util.Arrays.copyOfRange(buffer, at, at + count);
        at += count;
        return bytes;
    }

    void skip(long count) throws IOException, ArchiveStop {
        long left = count;
        while (left > 0) {
            require(1);
            int step = (int) Math.min(left, limit - at);
            at += step;
            left -= step;
        }
    }

    /** Reads to the end. */
    void drain() throws IOException, ArchiveStop {
        while (has(1)) {
            at = limit;
        }
    }

    /** Copies up to {@code length} bytes; throws when there are none. */
    int copy(byte[] into, int offset, int length) throws IOException, ArchiveStop {
        require(1);
        int count = Math.min(length, limit - at);
        System.arraycopy(buffer, at, into, offset, count);
        at += count;
        return count;
    }

    /**
     * Gives {@code inflater} up to {@code most} bytes and takes its output; what it did not consume
     * stays unread.
     */
    int inflate(Inflater inflater, long most, byte[] into, int offset, int length)
            throws IOException, ArchiveStop, DataFormatException {
        require(1);
        int given = (int) Math.min(most, limit - at);
        inflater.setInput(buffer, at, given);
        int count = inflater.inflate(into, offset, length);
        at += given - inflater.getRemaining();
        return count;
    }

    /** How often {@code signature} begins in the last 64 KiB; at the end of the source only. */
    int countInTail(long signature) {
        int count = 0;
        for (int i = Math.max(0, limit - TAIL); i <= limit - 4; i++) {
            if (buffer[i] == 'P' && word(i) == signature) {
                count++;
            }
        }
        return count;
    }
}
