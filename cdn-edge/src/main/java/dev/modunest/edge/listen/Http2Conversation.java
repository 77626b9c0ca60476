package dev.modunest.edge.listen;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The frames of an HTTP/2 connection, before the codec reads them. */
final class Http2Conversation extends ChannelInboundHandlerAdapter implements Conversation {

    private static final long WINDOW_MILLIS = 10_000;
    private static final long RATE_GRACE_MILLIS = 5_000;

    /** Streams that the edge has reset and remembers; a power of two. */
    private static final int RESETS = 64;

    private final Front front;
    private final ClientConnection connection;
    private final Http2ConnectionHandler handler;
    private final Http2Connection streams;
    private final FrameMeter frames = new FrameMeter();
    private final int[] resets = new int[RESETS];
    private @Nullable ChannelHandlerContext ctx;
    private long windowEnd;
    private long headersSince;
    private long bodySince;
    private long bodyFrom;
    private long bodyTold;
    private long bodyTime;
    private long lastTick;
    private long blockedSince;
    private long credit;
    private boolean saidGoodbye;
    private int nextReset;

    Http2Conversation(Front front, ClientConnection connection, Http2ConnectionHandler handler) {
        this.front = front;
        this.connection = connection;
        this.handler = handler;
        this.streams = handler.connection();
        this.lastTick = connection.now();
        this.windowEnd = lastTick + WINDOW_MILLIS;
        this.bodySince = lastTick;
        this.blockedSince = lastTick;
        streams.addListener(
                new Http2ConnectionAdapter() {
                    @Override
                    public void onStreamClosed(Http2Stream stream) {
                        if (stream.isResetSent()) {
                            resets[nextReset++ & (resets.length - 1)] = stream.id();
                        }
                    }
                });
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context.pipeline().context(handler);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        ByteBuf in = (ByteBuf) message;
        boolean wasOpen = frames.headersOpen();
        int at = frames.read(in, in.readerIndex());
        while (frames.repeated() != 0) {
            super.channelRead(context, in.readRetainedSlice(at - in.readerIndex()));
            if (streams.stream(frames.repeated()) == null && !wasReset(frames.repeated())) {
                in.release();
                refuse(Http2Error.STREAM_CLOSED, "HEADERS on a closed stream");
                return;
            }
            at = frames.read(in, at);
        }
        if (frames.headersOpen() && !wasOpen) {
            headersSince = connection.now();
        }
        super.channelRead(context, in);
        int bound = front.settings().http2().maxControlFrames();
        if (frames.controlFrames() > bound) {
            frames.forget();
            front.ended(Ending.FRAME_FLOOD);
            end(Ending.FRAME_FLOOD);
        }
    }

    @Override
    public void heard(long now) {}

    @Override
    public boolean isQuiet() {
        return streams.numActiveStreams() == 0 && !frames.headersOpen();
    }

    @Override
    public @Nullable Ending overdue(long now, boolean reading, long sinceRead) {
        ListenSettings bounds = front.settings();
        long passed = now - lastTick;
        lastTick = now;
        if (now > windowEnd) {
            windowEnd = now + WINDOW_MILLIS;
            frames.forget();
        }
        if (frames.requests() >= bounds.maxRequestsPerConnection()) {
            drain();
        }
        if (frames.headersOpen() && now - headersSince > bounds.headerTimeout().toMillis()) {
            return Ending.HEADER_TIMEOUT;
        }
        if (streams.numActiveStreams() == 0) {
            bodySince = now;
            blockedSince = now;
            if (saidGoodbye) {
                end(Ending.DRAINED);
            }
            return null;
        }
        if (isBlocked(now) && now - blockedSince > bounds.writeTimeout().toMillis()) {
            return Ending.WRITE_TIMEOUT;
        }
        return reading ? overdueBody(now, passed, bounds) : null;
    }

    private @Nullable Ending overdueBody(long now, long passed, ListenSettings bounds) {
        if (!any(this::isAwaited)) {
            bodySince = now;
            bodyTime = 0;
            bodyFrom = frames.dataBytes();
            return null;
        }
        if (frames.dataBytes() != bodyTold) {
            bodyTold = frames.dataBytes();
            bodySince = now;
        }
        bodyTime += passed;
        if (now - bodySince > bounds.bodyTimeout().toMillis()) {
            return Ending.BODY_TIMEOUT;
        }
        boolean slow =
                bodyTime > RATE_GRACE_MILLIS
                        && (bodyTold - bodyFrom) * 1_000 < bounds.minBodyRate().bytes() * bodyTime;
        return slow ? Ending.BODY_RATE : null;
    }

    /** Whether the client owes a part of a body, and may send it. */
    private boolean isAwaited(Http2Stream stream) {
        return stream.state().remoteSideOpen()
                && streams.local().flowController().windowSize(stream) > 0;
    }

    /** Whether something waits for the client to give credit, and since when it gives none. */
    private boolean isBlocked(long now) {
        if (!any(streams.remote().flowController()::hasFlowControlled)) {
            blockedSince = now;
            return false;
        }
        long given = streams.remote().flowController().windowSize(streams.connectionStream());
        for (Http2Stream stream : active()) {
            given = given * 31 + streams.remote().flowController().windowSize(stream);
        }
        if (given != credit) {
            credit = given;
            blockedSince = now;
        }
        return true;
    }

    private boolean any(Predicate<Http2Stream> matches) {
        return active().stream().anyMatch(matches);
    }

    private List<Http2Stream> active() {
        List<Http2Stream> active = new ArrayList<>(streams.numActiveStreams());
        try {
            streams.forEachActiveStream(active::add);
        } catch (Http2Exception impossible) {
            throw new IllegalStateException(impossible);
        }
        return active;
    }

    /** The client opens no more streams here (RFC 9113 6.8); the connection ends with the last. */
    @Override
    public void drain() {
        if (saidGoodbye || ctx == null) {
            return;
        }
        saidGoodbye = true;
        var _ =
                handler.encoder()
                        .writeGoAway(
                                ctx,
                                Integer.MAX_VALUE,
                                Http2Error.NO_ERROR.code(),
                                Unpooled.EMPTY_BUFFER,
                                ctx.newPromise());
        ctx.flush();
    }

    @Override
    public void end(Ending why) {
        if (ctx == null) {
            return;
        }
        if (why == Ending.IDLE || why == Ending.DRAINED) {
            var _ = ctx.channel().close();
        } else {
            refuse(Http2Error.ENHANCE_YOUR_CALM, why.label());
        }
    }

    private void refuse(Http2Error error, String reason) {
        if (ctx != null) {
            handler.onError(ctx, false, Http2Exception.connectionError(error, reason));
        }
    }

    /** Whether the edge has reset {@code stream}, to which the client may still be sending. */
    private boolean wasReset(int stream) {
        for (int reset : resets) {
            if (reset == stream) {
                return true;
            }
        }
        return false;
    }
}
