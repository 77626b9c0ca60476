package dev.modunest.loader.verify;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** A buffer as a stream that ends with the patience. Not thread-safe. */
final class BufferStream extends InputStream {

    private final ByteBuffer buffer;
    private final Patience patience;

    BufferStream(ByteBuffer buffer, Patience patience) {
        this.buffer = buffer;
        this.patience = patience;
    }

    @Override
    public int read() {
        return buffer.hasRemaining() ? buffer.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        patience.check();
        int count = Math.min(length, buffer.remaining());
        buffer.get(target, offset, count);
        return count == 0 ? -1 : count;
    }

    @Override
    public int available() {
        return buffer.remaining();
    }
}
