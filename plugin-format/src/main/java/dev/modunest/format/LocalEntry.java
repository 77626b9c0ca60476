package dev.modunest.format;

/** One entry as its local header tells it, with what its data turned out to be. */
final class LocalEntry {

    static final int DESCRIPTOR = 1 << 3;
    static final int STORED = 0;
    static final int DEFLATED = 8;

    final long offset;
    final byte[] rawName;
    final String name;
    final int flags;
    final int method;
    byte[] extra = {};
    long crc;
    long packed;
    long unpacked;

    LocalEntry(
            long offset,
            byte[] rawName,
            String name,
            int flags,
            int method,
            long crc,
            long packed,
            long unpacked) {
        this.offset = offset;
        this.rawName = rawName;
        this.name = name;
        this.flags = flags;
        this.method = method;
        this.crc = crc;
        this.packed = packed;
        this.unpacked = unpacked;
    }

    boolean hasDescriptor() {
        return (flags & DESCRIPTOR) != 0;
    }

    boolean isEncrypted() {
        return (flags & 1) != 0;
    }

    boolean isDirectory() {
        return name.endsWith("/");
    }

    String shown() {
        return EntryNames.shown(name);
    }

    boolean isClass() {
        return name.endsWith(".class");
    }
}
