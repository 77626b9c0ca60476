package dev.modunest.edge.serve;

import dev.modunest.edge.cache.ByteSource;
import dev.modunest.edge.cache.ByteSource.State;
import dev.modunest.edge.cache.Chunk;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

import org.jspecify.annotations.Nullable;

import java.nio.channels.FileChannel;
import java.util.List;

/**
 * Sends pieces of an object, which may still be filling, at the client's own pace: at most one
 * chunk is read ahead of the socket. The last byte of the body is held back until the file is
 * verified; when it turns out broken the connection is, too. Confined to the event loop of its
 * exchange.
 */
final class BodyPump {

    private static final int CHUNK_BYTES = 64 << 10;

    /** So that a fill that breaks off is noticed in time. */
    private static final int REGION_BYTES = 1 << 20;

    private static final long UNKNOWN = -1;

    private final Exchange exchange;
    private final HttpServerResponse response;
    private final ByteSource source;
    private final List<Piece> pieces;
    private final long total;
    private int current;
    private long sentOfPiece;
    private long sent;
    private boolean finished;

    private BodyPump(Exchange exchange, ByteSource source, List<Piece> pieces, long total) {
        this.exchange = exchange;
        this.response = exchange.response();
        this.source = source;
        this.pieces = pieces;
        this.total = total;
    }

    /** Sends {@code pieces}; takes over the lease on {@code source}. */
    static BodyPump of(Exchange exchange, ByteSource source, List<Piece> pieces) {
        return new BodyPump(exchange, source, pieces, Piece.length(pieces));
    }

    /** Sends all of {@code source}, whose length is not known; takes over the lease on it. */
    static BodyPump openEnded(Exchange exchange, ByteSource source) {
        exchange.response().setChunked(true);
        return new BodyPump(exchange, source, Piece.whole(Long.MAX_VALUE), UNKNOWN);
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
            case WHOLE -> send(available, total(available) - sent, true);
            case FILLING -> send(available, Math.max(0, total(available) - 1 - sent), false);
        }
    }

    private void send(long available, long allowed, boolean whole) {
        if (whole && allowed == 0) {
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

    private long total(long available) {
        return total == UNKNOWN ? available : total;
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
        @Nullable FileChannel file = source.file();
        if (file != null && total != UNKNOWN && exchange.takesFiles()) {
            sendFile(file, position, Math.min(available - position, regionLeft(slice, allowed)));
            return;
        }
        exchange.on(
                source.read(position, (int) length),
                read -> {
                    if (read.succeeded()) {
                        write(read.result());
                    } else if (!finished) {
                        exchange.abort();
                        finish();
                    }
                });
    }

    private long regionLeft(Piece.Slice slice, long allowed) {
        return Math.min(Math.min(slice.length() - sentOfPiece, allowed), REGION_BYTES);
    }

    /** Hands a region of the file to the socket, without a copy through this process. */
    private void sendFile(FileChannel file, long position, long length) {
        exchange.sendFile(
                file,
                position,
                length,
                done -> {
                    if (done) {
                        sent(length);
                        step();
                    } else {
                        finish();
                    }
                });
    }

    private void await(long seen) {
        source.onChange(seen, () -> exchange.onLoop(this::step));
    }

    private void write(Chunk chunk) {
        if (finished) {
            chunk.written();
            return;
        }
        sent(chunk.bytes().length());
        response.write(chunk.bytes()).onComplete(_ -> chunk.written());
        step();
    }

    private void write(Buffer text) {
        sent(text.length());
        response.write(text);
        step();
    }

    private void sent(long length) {
        sent += length;
        sentOfPiece += length;
        if (sentOfPiece == pieces.get(current).length() && current < pieces.size() - 1) {
            current++;
            sentOfPiece = 0;
        }
    }

    private void finish() {
        if (!finished) {
            finished = true;
            source.release();
        }
    }
}
