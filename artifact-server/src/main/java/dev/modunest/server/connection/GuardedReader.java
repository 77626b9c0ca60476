package dev.modunest.server.connection;

import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.webserver.ConnectionContext;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.UncheckedIOException;
import java.time.Duration;

/** Reads a connection; see {@link GuardedConnections} for what it guards. */
final class GuardedReader extends DataReader {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedReader.class);

    private final ConnectionContext context;
    private final StallWatch watch;
    private final ConnectionConfig config;

    // The factory methods that replace the constructor cannot make a subclass, and there is no
    // other
    // place to bound a chunk.
    @SuppressWarnings("removal")
    GuardedReader(ConnectionContext context, StallWatch watch, ConnectionConfig config) {
        super(() -> heard(context, watch, config.stallTimeout()));
        this.context = context;
        this.watch = watch;
        this.config = config;
    }

    private static byte[] heard(ConnectionContext context, StallWatch watch, Duration timeout) {
        long begun = System.nanoTime();
        byte[] bytes = read(context, watch, timeout);
        BodyStream.arrival().heard(bytes.length, System.nanoTime() - begun);
        return bytes;
    }

    private static byte[] read(ConnectionContext context, StallWatch watch, Duration timeout) {
        try (StallWatch.Entry _ = watch.enter(context.serverSocket(), timeout)) {
            BufferData data = context.dataReader().readBuffer();
            byte[] bytes = new byte[data.available()];
            data.read(bytes, 0, bytes.length);
            return bytes;
        }
    }

    /** Of a known length only chunks are read. */
    @Override
    public BufferData readBuffer(int length) {
        if (length > config.maxChunk().bytes() && length > available()) {
            throw new Rejection(
                    ProblemCode.CHUNK_TOO_LARGE,
                    "A chunk has "
                            + length
                            + " bytes and the limit is "
                            + config.maxChunk().bytes()
                            + "; send smaller chunks or a Content-Length");
        }
        return super.readBuffer(length);
    }

    /** Takes in what the client still sends, until it closes or a bound is reached. */
    void linger() {
        long begun = System.nanoTime();
        long taken = 0;
        try {
            while (taken < config.lingerSize().bytes()
                    && System.nanoTime() - begun < config.lingerTime().toNanos()) {
                taken += read(context, watch, config.lingerTime()).length;
            }
        } catch (InsufficientDataAvailableException | UncheckedIOException closed) {
            LOG.trace("the client closed", closed);
        }
    }
}
