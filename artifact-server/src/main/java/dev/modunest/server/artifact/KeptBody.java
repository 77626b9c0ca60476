package dev.modunest.server.artifact;

import java.io.IOException;
import java.io.OutputStream;

/** A part of an artifact that is in memory. */
public final class KeptBody implements ArtifactBody {

    private final byte[] artifact;
    private final int first;
    private final int end;

    /** The bytes from {@code first} to {@code last}, both included. */
    public KeptBody(byte[] artifact, long first, long last) {
        this.artifact = artifact;
        this.first = Math.toIntExact(first);
        this.end = Math.toIntExact(last + 1);
    }

    @Override
    public void copyTo(OutputStream out, int pieceBytes) throws IOException {
        for (int at = first; at < end; at += pieceBytes) {
            out.write(artifact, at, Math.min(pieceBytes, end - at));
        }
    }

    @Override
    public void close() {}
}
