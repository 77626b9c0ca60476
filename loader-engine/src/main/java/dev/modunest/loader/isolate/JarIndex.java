package dev.modunest.loader.isolate;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private static final String DAMAGED = "the central directory is damaged";

    private static final String META_INF = "META-INF/";
    private static final Inflaters INFLATERS =
            new Inflaters(Runtime.getRuntime().availableProcessors());

    private final ByteBuffer jar;
    private final Map<String, Entry> entries;
    private final List<String> metaInf;

    private record Entry(int method, int packed, int size, int localHeader) {}

    private JarIndex(ByteBuffer jar, Map<String, Entry> entries, List<String> metaInf) {
        this.jar = jar;
        this.entries = entries;
        this.metaInf = metaInf;
    }

    static JarIndex of(ByteBuffer content) throws ZipException {
        ByteBuffer jar = content.order(ByteOrder.LITTLE_ENDIAN);
        int end = endOfCentralDirectory(jar);
        int count = Short.toUnsignedInt(jar.getShort(end + 10));
        int start = jar.getInt(end + 16);
        if (count == 0xffff || start < 0) {
            throw new ZipException("the jar is in ZIP64 format: pack it without");
        }
        if (start > end) {
            throw new ZipException(DAMAGED);
        }
        return read(jar, bytes(jar, start, end - start), count);
    }

    /** Reads from an array: a JVM that starts is faster with it than with a buffer. */
    private static JarIndex read(ByteBuffer jar, byte[] directory, int count) throws ZipException {
        Map<String, Entry> entries = HashMap.newHashMap(count);
        List<String> metaInf = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < count; i++) {
            if (at + CENTRAL_LENGTH > directory.length || int32(directory, at) != CENTRAL) {
                throw new ZipException(DAMAGED);
            }
            int nameLength = int16(directory, at + 28);
            int next =
                    at
                            + CENTRAL_LENGTH
                            + nameLength
                            + int16(directory, at + 30)
                            + int16(directory, at + 32);
            if (next > directory.length) {
                throw new ZipException(DAMAGED);
            }
            String name =
                    new String(directory, at + CENTRAL_LENGTH, nameLength, StandardCharsets.UTF_8);
            if (!name.endsWith("/")) {
                entries.put(name, entryAt(directory, at));
                if (name.startsWith(META_INF)) {
                    metaInf.add(name);
                }
            }
            at = next;
        }
        return new JarIndex(jar, entries, metaInf);
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

    private static Entry entryAt(byte[] directory, int at) throws ZipException {
        Entry entry =
                new Entry(
                        int16(directory, at + 10),
                        int32(directory, at + 20),
                        int32(directory, at + 24),
                        int32(directory, at + 42));
        if (entry.packed() < 0 || entry.size() < 0 || entry.localHeader() < 0) {
            throw new ZipException("the jar is in ZIP64 format: pack it without");
        }
        return entry;
    }

    Set<String> names() {
        return entries.keySet();
    }

    /** The names that begin with {@code META-INF/}. */
    List<String> metaInf() {
        return metaInf;
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
            case DEFLATED ->
                    INFLATERS.inflate(name, bytes(jar, data, entry.packed()), entry.size());
            default -> throw new ZipException(name + " is packed by method " + entry.method());
        };
    }

    private static int int16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8;
    }

    private static int int32(byte[] bytes, int at) {
        return int16(bytes, at) | int16(bytes, at + 2) << 16;
    }

    private static byte[] bytes(ByteBuffer jar, int position, int length) {
        byte[] bytes = new byte[length];
        jar.get(position, bytes);
        return bytes;
    }
}
