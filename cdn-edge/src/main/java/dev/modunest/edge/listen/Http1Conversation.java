package dev.modunest.edge.listen;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

import org.jspecify.annotations.Nullable;

/** Requests and responses of HTTP/1.1, one after the other, between the codec and Vert.x. */
final class Http1Conversation extends ChannelDuplexHandler implements Conversation {

    /** Time in which the rate of a body is not judged. */
    private static final long RATE_GRACE_MILLIS = 5_000;

    private static final int INFORMATIONAL = 200;

    private final Front front;
    private final ClientConnection connection;
    private final StrictRequestDecoder decoder;
    private @Nullable ChannelHandlerContext ctx;
    private int requests;
    private int unanswered;
    private boolean headBegun = true;
    private boolean bodyOpen;
    private boolean responseBegun;
    private boolean continueDue;
    private long since;
    private long bodySince;
    private long bodyBytes;
    private long readingMillis;
    private long lastTick;

    Http1Conversation(Front front, ClientConnection connection, StrictRequestDecoder decoder) {
        this.decoder = decoder;
        this.front = front;
        this.connection = connection;
        this.since = connection.now();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (message instanceof HttpRequest request) {
            begin(request);
        }
        if (message instanceof HttpContent content) {
            if (content.decoderResult().isFailure() && !(message instanceof HttpRequest)) {
                ReferenceCountUtil.release(content);
                refuse(context);
                return;
            }
            bodyBytes += content.content().readableBytes();
            if (message instanceof LastHttpContent) {
                bodyOpen = false;
            }
        }
        super.channelRead(context, message);
    }

    private void begin(HttpRequest request) {
        headBegun = false;
        unanswered++;
        bodyOpen = true;
        continueDue = request.headers().contains(HttpHeaderNames.EXPECT);
        bodySince = connection.now();
        bodyBytes = 0;
        readingMillis = 0;
        lastTick = connection.now();
        if (++requests >= front.settings().maxRequestsPerConnection()
                || front.isDraining()
                || saysClose(request)) {
            request.headers().add(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        if (request.decoderResult().isFailure()) {
            front.ended(Ending.MALFORMED);
        }
    }

    /** Also in a list, which Vert.x does not look into. */
    private static boolean saysClose(HttpRequest request) {
        return request.headers().contains(HttpHeaderNames.CONNECTION)
                && request.headers()
                        .containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
            throws Exception {
        if (message instanceof HttpResponse response) {
            responseBegun = response.status().code() >= INFORMATIONAL;
            if (continueDue) {
                continueDue = false;
                bodySince = connection.now();
            }
        }
        if (message instanceof LastHttpContent && responseBegun) {
            responseBegun = false;
            unanswered--;
            since = connection.now();
        }
        super.write(context, message, promise);
    }

    /** A body that cannot be read: the answer to its request, if it has none yet, is 400. */
    private void refuse(ChannelHandlerContext context) {
        front.ended(Ending.MALFORMED);
        say(context, HttpResponseStatus.BAD_REQUEST);
    }

    private void say(ChannelHandlerContext context, HttpResponseStatus status) {
        if (responseBegun || unanswered > 1) {
            var _ = context.close();
            return;
        }
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
        response.headers()
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void heard(long now) {
        if (unanswered == 0 && !headBegun) {
            headBegun = true;
            since = now;
        }
    }

    @Override
    public boolean isQuiet() {
        return unanswered == 0 && !headBegun && !decoder.isInHead();
    }

    @Override
    public @Nullable Ending overdue(long now, boolean reading, long sinceRead) {
        ListenSettings bounds = front.settings();
        if (unanswered == 0) {
            if (!headBegun && decoder.isInHead()) {
                heard(now);
            }
            return headBegun && now - since > bounds.headerTimeout().toMillis()
                    ? Ending.HEADER_TIMEOUT
                    : null;
        }
        if (!bodyOpen || !reading || continueDue) {
            lastTick = now;
            return null;
        }
        readingMillis += now - lastTick;
        lastTick = now;
        if (Math.min(sinceRead, now - bodySince) > bounds.bodyTimeout().toMillis()) {
            return Ending.BODY_TIMEOUT;
        }
        boolean slow =
                readingMillis > RATE_GRACE_MILLIS
                        && bodyBytes * 1_000 < bounds.minBodyRate().bytes() * readingMillis;
        return slow ? Ending.BODY_RATE : null;
    }

    /** The next request is the last one. */
    @Override
    public void drain() {}

    @Override
    public void end(Ending why) {
        if (ctx == null) {
            return;
        }
        if (why == Ending.HEADER_TIMEOUT || why == Ending.BODY_TIMEOUT || why == Ending.BODY_RATE) {
            say(ctx, HttpResponseStatus.REQUEST_TIMEOUT);
        } else {
            var _ = ctx.close();
        }
    }
}
