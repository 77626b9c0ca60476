package dev.modunest.edge.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file that is being filled. Written by one thread; read through its {@link OpenFile} by any. */
public final class Spool {

    private final Path path;
    private final OpenFile file;
    private long written;
    private long reserved;
    private boolean closed;

    Spool(Path path, OpenFile file, long reserved) {
        this.path = path;
        this.file = file;
        this.reserved = reserved;
    }

    public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            written += file.channel().write(bytes, written);
        }
    }

    public OpenFile file() {
        return file;
    }

    Path path() {
        return path;
    }

    /** Ends the lease that it was made with; again: nothing. */
    void close() {
        if (!closed) {
            closed = true;
            file.release();
        }
    }

    long reserved() {
        return reserved;
    }

    void reserved(long bytes) {
        reserved = bytes;
    }
}
