package dev.modunest.edge.serve;

import dev.modunest.edge.cache.ByteSource;
import dev.modunest.edge.cache.ByteSource.State;
import dev.modunest.edge.cache.OpenFile;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Sends pieces of a file, which may still be filling, at the client's own pace: at most one chunk
 * is read ahead of the socket. The last byte of the body is held back until the file is verified;
 * when it turns out broken the connection is, too. Confined to the event loop of its exchange.
 */
final class BodyPump {

    private static final int CHUNK_BYTES = 64 << 10;

    private final Exchange exchange;
    private final HttpServerResponse response;
    private final OpenFile file;
    private final ByteSource source;
    private final List<Piece> pieces;
    private final long total;
    private final Executor blocking;
    private int current;
    private long sentOfPiece;
    private long sent;
    private boolean finished;

    /** Takes over the lease on {@code file}. */
    BodyPump(
            Exchange exchange,
            OpenFile file,
            ByteSource source,
            List<Piece> pieces,
            Executor blocking) {
        this.exchange = exchange;
        this.response = exchange.response();
        this.file = file;
        this.source = source;
        this.pieces = pieces;
        this.total = Piece.length(pieces);
        this.blocking = blocking;
    }

    /** Sends the body; status and headers have been set. */
    void start() {
        exchange.whenGone(this::finish);
        step();
    }

    private void step() {
        if (finished) {
            return;
        }
        if (exchange.isGone()) {
            finish();
            return;
        }
        State state = source.state();
        long available = source.available();
        switch (state) {
            case BROKEN -> {
                exchange.abort();
                finish();
            }
            case WHOLE -> send(available, total - sent);
            case FILLING -> send(available, total - 1 - sent);
        }
    }

    private void send(long available, long allowed) {
        if (allowed == 0 && sent == total) {
            response.end();
            finish();
        } else if (response.writeQueueFull()) {
            response.drainHandler(_ -> step());
        } else {
            switch (pieces.get(current)) {
                case Piece.Text(Buffer bytes) when bytes.length() <= allowed -> write(bytes);
                case Piece.Text _ -> await(available);
                case Piece.Slice slice -> send(slice, available, allowed);
            }
        }
    }

    private void send(Piece.Slice slice, long available, long allowed) {
        long position = slice.first() + sentOfPiece;
        long length =
                Math.min(
                        Math.min(available - position, slice.length() - sentOfPiece),
                        Math.min(allowed, CHUNK_BYTES));
        if (length <= 0) {
            await(available);
            return;
        }
        exchange.on(
                read(position, (int) length),
                chunk -> {
                    if (finished) {
                        return;
                    }
                    if (chunk.succeeded()) {
                        write(chunk.result());
                    } else {
                        exchange.abort();
                        finish();
                    }
                });
    }

    private void await(long seen) {
        source.onChange(seen, () -> exchange.onLoop(this::step));
    }

    private void write(Buffer bytes) {
        sent += bytes.length();
        sentOfPiece += bytes.length();
        if (sentOfPiece == pieces.get(current).length() && current < pieces.size() - 1) {
            current++;
            sentOfPiece = 0;
        }
        response.write(bytes);
        step();
    }

    private Future<Buffer> read(long position, int length) {
        Promise<Buffer> promise = Promise.promise();
        blocking.execute(
                () -> {
                    try {
                        byte[] bytes = file.read(position, length);
                        if (bytes.length < length) {
                            throw new IOException("the file ends before " + (position + length));
                        }
                        promise.complete(Buffer.buffer(bytes));
                    } catch (IOException unreadable) {
                        promise.fail(unreadable);
                    }
                });
        return promise.future();
    }

    private void finish() {
        if (!finished) {
            finished = true;
            file.release();
        }
    }
}
