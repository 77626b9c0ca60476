package dev.modunest.edge.cache;

import dev.modunest.format.Digest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file that stays open while anyone holds a lease on it, even when it has been evicted meanwhile.
 * Made with one lease, its maker's. Thread-safe.
 */
public final class OpenFile {

    private static final int HASH_BUFFER = 256 << 10;

    private final FileChannel channel;
    private final AtomicInteger leases = new AtomicInteger(1);

    OpenFile(FileChannel channel) {
        this.channel = channel;
    }

    static OpenFile read(Path file) throws IOException {
        return new OpenFile(FileChannel.open(file, StandardOpenOption.READ));
    }

    public FileChannel channel() {
        return channel;
    }

    /** Takes a lease; false when the file is closed already. */
    public boolean lease() {
        return leases.getAndUpdate(held -> held == 0 ? 0 : held + 1) > 0;
    }

    /** Ends a lease; the last one closes the file. */
    public void release() {
        if (leases.decrementAndGet() == 0) {
            try {
                channel.close();
            } catch (IOException unexpected) {
                throw new UncheckedIOException(unexpected);
            }
        }
    }

    /** Reads up to {@code length} bytes; fewer only at the end of the file. Blocks. */
    public byte[] read(long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            int read = channel.read(bytes, position + bytes.position());
            if (read < 0) {
                byte[] shorter = new byte[bytes.position()];
                bytes.flip().get(shorter);
                return shorter;
            }
        }
        return bytes.array();
    }

    /**
     * Reads {@code length} bytes to outside of the heap; the buffer's limit is where the file ends
     * before. Blocks.
     */
    public ByteBuffer readDirect(long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                break;
            }
        }
        return bytes.flip();
    }

    /** The digest of all that is in the file. Blocks. */
    Digest digest() throws IOException {
        MessageDigest sha256 = Digest.newMessageDigest();
        ByteBuffer bytes = ByteBuffer.allocate(HASH_BUFFER);
        long at = 0;
        for (int read = channel.read(bytes, at); read >= 0; read = channel.read(bytes, at)) {
            at += read;
            sha256.update(bytes.flip());
            bytes.clear();
        }
        return Digest.finish(sha256);
    }

    long size() throws IOException {
        return channel.size();
    }
}
