package dev.modunest.loader.isolate;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Unpacks entries (RFC 1951). Each inflater has a window of 32 KiB outside the heap and is used
 * again: one for each class would cost more than its class file. Thread-safe.
 */
final class Inflaters {

    private final ArrayBlockingQueue<Inflater> idle;

    /**
     * @param kept how many wait for work
     */
    Inflaters(int kept) {
        this.idle = new ArrayBlockingQueue<>(kept);
    }

    /** The {@code size} bytes of the entry {@code name}. */
    byte[] inflate(String name, byte[] packed, int size) throws IOException {
        Inflater inflater = idle.poll();
        if (inflater == null) {
            inflater = new Inflater(true);
        }
        try {
            return inflate(inflater, name, packed, size);
        } finally {
            inflater.reset();
            if (!idle.offer(inflater)) {
                inflater.end();
            }
        }
    }

    private static byte[] inflate(Inflater inflater, String name, byte[] packed, int size)
            throws IOException {
        inflater.setInput(packed);
        byte[] bytes = new byte[size];
        int length = 0;
        try {
            while (length < size) {
                int step = inflater.inflate(bytes, length, size - length);
                if (step == 0) {
                    throw new ZipException(name + " is shorter than its header says");
                }
                length += step;
            }
            return bytes;
        } catch (DataFormatException damaged) {
            throw new IOException(name + " cannot be unpacked", damaged);
        }
    }
}
