package dev.modunest.format;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes archives byte by byte, well-formed unless told otherwise. */
final class RawZip {

    static final String MANIFEST =
            """
            {"manifest_version": 1, "namespace": "acme", "name": "x", "version": "1.2.3",
             "entry_point": "acme.Main", "exports": ["acme"]}
            """;

    /** One entry; what stands in the headers can be changed. */
    static final class Entry {
        byte[] name;
        int flags = 1 << 11;
        int method = 8;
        byte[] packed;
        long crc;
        long packedSize;
        long unpackedSize;
        byte[] localExtra = {};
        byte[] centralExtra = {};
        byte[] descriptor = {};
        long attributes;
        boolean inCentral = true;
        boolean inLocal = true;
        int centralFlags = -1;
        int centralMethod = -1;
        byte[] centralName;
        long offset;

        Entry(String name, byte[] content, boolean deflate) {
            this.name = name.getBytes(StandardCharsets.UTF_8);
            this.centralName = this.name;
            this.packed = deflate ? deflated(content) : content;
            this.method = deflate ? 8 : 0;
            CRC32 crc32 = new CRC32();
            crc32.update(content);
            this.crc = crc32.getValue();
            this.packedSize = packed.length;
            this.unpackedSize = content.length;
        }

        /** Moves CRC and sizes behind the data. */
        void described() {
            flags |= 8;
            descriptor = descriptor(crc, packedSize, unpackedSize);
        }
    }

    final List<Entry> entries = new ArrayList<>();
    byte[] prefix = {};
    byte[] beforeDirectory = {};
    byte[] afterDirectory = {};
    byte[] comment = {};
    byte[] suffix = {};
    int countDelta;
    int offsetDelta;

    /** A plugin with its manifest and its class. */
    static RawZip plugin() {
        return new RawZip()
                .with("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n\r\n")
                .with(Manifest.PATH, MANIFEST)
                .with("acme/Main.class", "not looked at");
    }

    RawZip with(String name, String content) {
        return with(name, content.getBytes(StandardCharsets.UTF_8));
    }

    RawZip with(String name, byte[] content) {
        return with(name, content, true, entry -> {});
    }

    RawZip with(String name, byte[] content, boolean deflate, Consumer<Entry> change) {
        Entry entry = new Entry(name, content, deflate);
        change.accept(entry);
        entries.add(entry);
        return this;
    }

    /** Adds a small file whose headers are changed. */
    RawZip with(Consumer<Entry> change) {
        return with("acme/data.txt", "some data".getBytes(StandardCharsets.UTF_8), true, change);
    }

    RawZip change(Consumer<RawZip> change) {
        change.accept(this);
        return this;
    }

    byte[] build() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(prefix);
        for (Entry entry : entries) {
            if (entry.inLocal) {
                entry.offset = out.size();
                local(out, entry);
            }
        }
        out.writeBytes(beforeDirectory);
        int directoryAt = out.size();
        int count = 0;
        for (Entry entry : entries) {
            if (entry.inCentral) {
                central(out, entry);
                count++;
            }
        }
        int size = out.size() - directoryAt;
        out.writeBytes(afterDirectory);
        out.writeBytes(
                new Little()
                        .putInt(0x06054b50)
                        .putInt(0)
                        .putShort((short) (count + countDelta))
                        .putShort((short) (count + countDelta))
                        .putInt(size)
                        .putInt(directoryAt + offsetDelta)
                        .putShort((short) comment.length)
                        .array());
        out.writeBytes(comment);
        out.writeBytes(suffix);
        return out.toByteArray();
    }

    private static void local(ByteArrayOutputStream out, Entry entry) {
        boolean described = (entry.flags & 8) != 0;
        Little header =
                new Little()
                        .putInt(0x04034b50)
                        .putShort((short) 20)
                        .putShort((short) entry.flags)
                        .putShort((short) entry.method)
                        .putInt(0x21)
                        .putInt(described ? 0 : (int) entry.crc)
                        .putInt(described ? 0 : (int) entry.packedSize)
                        .putInt(described ? 0 : (int) entry.unpackedSize)
                        .putShort((short) entry.name.length)
                        .putShort((short) entry.localExtra.length);
        out.writeBytes(header.array());
        out.writeBytes(entry.name);
        out.writeBytes(entry.localExtra);
        out.writeBytes(entry.packed);
        out.writeBytes(entry.descriptor);
    }

    private static void central(ByteArrayOutputStream out, Entry entry) {
        int flags = entry.centralFlags < 0 ? entry.flags : entry.centralFlags;
        int method = entry.centralMethod < 0 ? entry.method : entry.centralMethod;
        Little header =
                new Little()
                        .putInt(0x02014b50)
                        .putInt(0x0014_0314)
                        .putShort((short) flags)
                        .putShort((short) method)
                        .putInt(0x21)
                        .putInt((int) entry.crc)
                        .putInt((int) entry.packedSize)
                        .putInt((int) entry.unpackedSize)
                        .putShort((short) entry.centralName.length)
                        .putShort((short) entry.centralExtra.length)
                        .putShort((short) 0)
                        .putInt(0)
                        .putInt((int) (entry.attributes << 16))
                        .putInt((int) entry.offset);
        out.writeBytes(header.array());
        out.writeBytes(entry.centralName);
        out.writeBytes(entry.centralExtra);
    }

    static byte[] descriptor(long crc, long packed, long unpacked) {
        return new Little()
                .putInt(0x08074b50)
                .putInt((int) crc)
                .putInt((int) packed)
                .putInt((int) unpacked)
                .array();
    }

    static byte[] extra(int id, int... content) {
        Little extra = new Little().putShort((short) id).putShort((short) content.length);
        for (int b : content) {
            extra.put((byte) b);
        }
        return extra.array();
    }

    static byte[] zip64End(long count, long size, long at) {
        return new Little()
                .putInt(0x06064b50)
                .putLong(44)
                .putInt(0)
                .putLong(0)
                .putLong(count)
                .putLong(count)
                .putLong(size)
                .putLong(at)
                .putInt(0x07064b50)
                .putInt(0)
                .putLong(at + size)
                .putInt(1)
                .array();
    }

    static byte[] deflated(byte[] content) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(content);
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] chunk = new byte[8192];
        while (!deflater.finished()) {
            out.write(chunk, 0, deflater.deflate(chunk));
        }
        deflater.end();
        return out.toByteArray();
    }

    /** Collects little-endian numbers. */
    private static final class Little {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Little put(byte value) {
            out.write(value);
            return this;
        }

        Little putShort(short value) {
            return put((byte) value).put((byte) (value >>> 8));
        }

        Little putInt(int value) {
            return putShort((short) value).putShort((short) (value >>> 16));
        }

        Little putLong(long value) {
            return putInt((int) value).putInt((int) (value >>> 32));
        }

        byte[] array() {
            return out.toByteArray();
        }
    }
}
