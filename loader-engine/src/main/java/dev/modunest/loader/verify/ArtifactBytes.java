package dev.modunest.loader.verify;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads files once, for hashing, inspection and class definition from the same bytes. */
final class ArtifactBytes {

    /** Nearly all plugins are smaller; 500 of this size would still fit a heap of 4 GiB. */
    static final int HEAP_BYTES = 4 << 20;

    private ArtifactBytes() {}

    /**
     * The {@code size} bytes of {@code file}: small ones on the heap, where nobody can change them
     * any more, large ones mapped.
     */
    static ByteBuffer read(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return size <= HEAP_BYTES
                    ? onHeap(channel, (int) size)
                    : channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
        }
    }

    private static ByteBuffer onHeap(FileChannel channel, int size) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(size);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new EOFException("the file became shorter while it was read");
            }
        }
        return bytes.flip();
    }
}
