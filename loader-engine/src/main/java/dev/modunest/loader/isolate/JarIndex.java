package dev.modunest.loader.isolate;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * The entries of a jar in memory (PKWARE APPNOTE 6.3, without ZIP64), indexed once by the central
 * directory. The archive has been inspected: local headers agree with it and names are unique.
 * Thread-safe.
 */
final class JarIndex {

    private static final int END = 0x06054b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END_LENGTH = 22;
    private static final int CENTRAL_LENGTH = 46;
    private static final int LOCAL_LENGTH = 30;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;

    private final ByteBuffer jar;
    private final Map<String, Entry> entries;

    private record Entry(int method, int packed, int size, int localHeader) {}

    private JarIndex(ByteBuffer jar, Map<String, Entry> entries) {
        this.jar = jar;
        this.entries = entries;
    }

    static JarIndex of(ByteBuffer content) throws ZipException {
        ByteBuffer jar = content.order(ByteOrder.LITTLE_ENDIAN);
        int end = endOfCentralDirectory(jar);
        int count = Short.toUnsignedInt(jar.getShort(end + 10));
        int position = jar.getInt(end + 16);
        if (count == 0xffff || position < 0) {
            throw new ZipException("the jar is in ZIP64 format: pack it without");
        }
        Map<String, Entry> entries = HashMap.newHashMap(count);
        for (int i = 0; i < count; i++) {
            if (position < 0
                    || position + CENTRAL_LENGTH > end
                    || jar.getInt(position) != CENTRAL) {
                throw new ZipException("the central directory is damaged");
            }
            int nameLength = Short.toUnsignedInt(jar.getShort(position + 28));
            String name = text(jar, position + CENTRAL_LENGTH, nameLength);
            if (!name.endsWith("/")) {
                entries.put(name, entryAt(jar, position));
            }
            position +=
                    CENTRAL_LENGTH
                            + nameLength
                            + Short.toUnsignedInt(jar.getShort(position + 30))
                            + Short.toUnsignedInt(jar.getShort(position + 32));
        }
        return new JarIndex(jar, entries);
    }

    private static int endOfCentralDirectory(ByteBuffer jar) throws ZipException {
        int last = jar.limit() - END_LENGTH;
        for (int at = last; at >= Math.max(0, last - 0xffff); at--) {
            if (jar.getInt(at) == END) {
                return at;
            }
        }
        throw new ZipException("the jar has no central directory");
    }

    private static Entry entryAt(ByteBuffer jar, int position) throws ZipException {
        Entry entry =
                new Entry(
                        Short.toUnsignedInt(jar.getShort(position + 10)),
                        jar.getInt(position + 20),
                        jar.getInt(position + 24),
                        jar.getInt(position + 42));
        if (entry.packed() < 0 || entry.size() < 0 || entry.localHeader() < 0) {
            throw new ZipException("the jar is in ZIP64 format: pack it without");
        }
        return entry;
    }

    Set<String> names() {
        return entries.keySet();
    }

    boolean contains(String name) {
        return entries.containsKey(name);
    }

    /** The bytes of {@code name}; null when there is no such entry. */
    byte @Nullable [] read(String name) throws IOException {
        Entry entry = entries.get(name);
        if (entry == null) {
            return null;
        }
        int local = entry.localHeader();
        int data =
                local
                        + LOCAL_LENGTH
                        + Short.toUnsignedInt(jar.getShort(local + 26))
                        + Short.toUnsignedInt(jar.getShort(local + 28));
        return switch (entry.method()) {
            case STORED -> bytes(jar, data, entry.size());
            case DEFLATED -> inflate(name, jar.slice(data, entry.packed()), entry.size());
            default -> throw new ZipException(name + " is packed by method " + entry.method());
        };
    }

    private static byte[] inflate(String name, ByteBuffer packed, int size) throws IOException {
        byte[] bytes = new byte[size];
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(packed);
            int length = 0;
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
        } finally {
            inflater.end();
        }
    }

    private static String text(ByteBuffer jar, int position, int length) {
        return new String(bytes(jar, position, length), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer jar, int position, int length) {
        byte[] bytes = new byte[length];
        jar.get(position, bytes);
        return bytes;
    }
}
