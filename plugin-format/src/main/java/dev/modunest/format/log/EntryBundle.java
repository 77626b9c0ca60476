package dev.modunest.format.log;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Consecutive entries of a log, each after its length in two bytes (C2SP tlog-tiles, Log entries).
 */
public final class EntryBundle {

    /** Bytes of the largest entry. */
    public static final int MAX_ENTRY = 65_535;

    private EntryBundle() {}

    public static byte[] write(Collection<byte[]> entries) {
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            if (entry.length > MAX_ENTRY) {
                throw new IllegalArgumentException(
                        "an entry has at most " + MAX_ENTRY + " bytes, not " + entry.length);
            }
            bundle.write(entry.length >> 8);
            bundle.write(entry.length);
            bundle.writeBytes(entry);
        }
        return bundle.toByteArray();
    }

    /**
     * Reads a bundle of {@code count} entries.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static List<byte[]> read(byte[] bundle, int count) {
        ByteBuffer rest = ByteBuffer.wrap(bundle);
        List<byte[]> entries = new ArrayList<>(count);
        try {
            for (int i = 0; i < count; i++) {
                byte[] entry = new byte[Short.toUnsignedInt(rest.getShort())];
                rest.get(entry);
                entries.add(entry);
            }
        } catch (BufferUnderflowException truncated) {
            throw new IllegalArgumentException(
                    "the bundle ends before its entry " + entries.size(), truncated);
        }
        if (rest.hasRemaining()) {
            throw new IllegalArgumentException(
                    "the bundle has " + rest.remaining() + " bytes after its last entry");
        }
        return entries;
    }
}
