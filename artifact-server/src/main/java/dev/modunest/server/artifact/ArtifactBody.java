package dev.modunest.server.artifact;

import software.amazon.awssdk.core.ResponseInputStream;

import java.io.IOException;
import java.io.OutputStream;

/** Bytes of an artifact as the storage sends them. Closed early it gives the connection up. */
public final class ArtifactBody implements AutoCloseable {

    private final ResponseInputStream<?> body;
    private long missing;

    ArtifactBody(ResponseInputStream<?> body, long length) {
        this.body = body;
        this.missing = length;
    }

    /**
     * Copies everything through {@code buffer}.
     *
     * @throws StoreException when the storage breaks off or sends too little
     * @throws IOException from {@code out}
     */
    public void copyTo(OutputStream out, byte[] buffer) throws IOException {
        while (missing > 0) {
            int read = read(buffer);
            if (read < 0) {
                throw new StoreException(
                        "the storage ended an artifact " + missing + " bytes before its end");
            }
            out.write(buffer, 0, read);
            missing -= read;
        }
    }

    private int read(byte[] buffer) {
        try {
            return body.read(buffer, 0, (int) Math.min(buffer.length, missing));
        } catch (IOException broken) {
            throw new StoreException(
                    "the storage broke off an artifact " + missing + " bytes before its end",
                    broken);
        }
    }

    @Override
    public void close() {
        if (missing > 0) {
            body.abort();
            return;
        }
        try {
            body.close();
        } catch (IOException unusable) {
            body.abort();
        }
    }
}
