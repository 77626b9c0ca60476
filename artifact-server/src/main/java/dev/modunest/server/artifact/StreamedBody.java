package dev.modunest.server.artifact;

import software.amazon.awssdk.core.ResponseInputStream;

import java.io.IOException;
import java.io.OutputStream;

/** A part of an artifact as the storage sends it. */
final class StreamedBody implements ArtifactBody {

    private final ResponseInputStream<?> body;
    private long missing;

    StreamedBody(ResponseInputStream<?> body, long length) {
        this.body = body;
        this.missing = length;
    }

    @Override
    public void copyTo(OutputStream out, int pieceBytes) throws IOException {
        byte[] buffer = new byte[(int) Math.min(pieceBytes, missing)];
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
