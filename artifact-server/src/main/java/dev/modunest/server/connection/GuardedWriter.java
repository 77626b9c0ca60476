package dev.modunest.server.connection;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import io.helidon.webserver.ConnectionContext;

import java.time.Duration;

/** Writes a connection; a write that stalls closes it. */
record GuardedWriter(ConnectionContext context, StallWatch watch, Duration timeout)
        implements DataWriter {

    @Override
    public void write(BufferData... buffers) {
        try (StallWatch.Entry _ = watch.enter(context.serverSocket(), timeout)) {
            context.dataWriter().write(buffers);
        }
    }

    @Override
    public void write(BufferData buffer) {
        try (StallWatch.Entry _ = watch.enter(context.serverSocket(), timeout)) {
            context.dataWriter().write(buffer);
        }
    }

    @Override
    public void writeNow(BufferData... buffers) {
        try (StallWatch.Entry _ = watch.enter(context.serverSocket(), timeout)) {
            context.dataWriter().writeNow(buffers);
        }
    }

    @Override
    public void writeNow(BufferData buffer) {
        try (StallWatch.Entry _ = watch.enter(context.serverSocket(), timeout)) {
            context.dataWriter().writeNow(buffer);
        }
    }

    @Override
    public void flush() {
        context.dataWriter().flush();
    }

    @Override
    public void close() {
        context.dataWriter().close();
    }
}
