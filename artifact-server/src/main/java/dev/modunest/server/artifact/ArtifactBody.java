package dev.modunest.server.artifact;

import java.io.IOException;
import java.io.OutputStream;

/** Bytes of an artifact on their way to a client; used once. */
public sealed interface ArtifactBody extends AutoCloseable permits StreamedBody, KeptBody {

    /**
     * Copies everything, at most {@code pieceBytes} at a time.
     *
     * @throws StoreException when the storage breaks off or sends too little
     * @throws IOException from {@code out}
     */
    void copyTo(OutputStream out, int pieceBytes) throws IOException;

    /** Closed early it gives the connection to the storage up. */
    @Override
    void close();
}
