package dev.modunest.format;

import java.io.IOException;

/** Bytes that come one after the other. */
@FunctionalInterface
interface ByteSource {

    /** Reads 1 to {@code length} bytes; -1 at the end. */
    int read(byte[] into, int offset, int length) throws IOException, ArchiveStop;
}
