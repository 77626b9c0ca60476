package dev.modunest.edge.origin;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpUtils;
import io.vertx.core.net.impl.ConnectionBase;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a response only when nothing has come behind it: bytes that nobody has asked for would be
 * taken for the response to the next request on the connection (RFC 9112 9.2). Whoever sends them
 * loses the connection. Interim responses other than 100 and 101 reach the client as a 103, the
 * only one that it hands on; {@link InterimStatus} tells what they were (RFC 9110 15.2). Sits
 * between the codec and the client, which sends one request at a time.
 */
final class ResponseBoundary extends ChannelDuplexHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ResponseBoundary.class);
    private static final String NAME = "response-boundary";
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final int FIRST_FINAL_STATUS = 200;

    private static final String KEEP_ALIVE = "Keep-Alive";

    /** Unused connections are looked at each second, and closing takes its time. */
    private static final int MARGIN_SECONDS = 2;

    private static final int SWITCHING_PROTOCOLS = 101;

    private final HttpConnection connection;
    private @Nullable Object end;
    private boolean over;
    private boolean asked;
    private boolean interim;

    private ResponseBoundary(HttpConnection connection) {
        this.connection = connection;
    }

    /** Watches over a connection of HTTP/1.1 that has just been made. */
    static void watch(HttpConnection connection) {
        if (connection instanceof ConnectionBase base) {
            ChannelHandlerContext client = base.channelHandlerContext();
            client.pipeline().addBefore(client.name(), NAME, new ResponseBoundary(connection));
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        asked |= message instanceof HttpRequest;
        var _ = context.write(message, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpResponse response) {
            interim = response.status().code() < FIRST_FINAL_STATUS;
            if (interim && response.status().code() > SWITCHING_PROTOCOLS) {
                InterimStatus.hide(response);
            }
            leaveSooner(response.headers());
        }
        boolean unasked = message instanceof HttpObject && (end != null || !asked);
        if (unasked) {
            ReferenceCountUtil.release(message);
            giveUp(context);
        } else if (message instanceof LastHttpContent && !interim) {
            asked = false;
            end = message;
        } else {
            context.fireChannelRead(message);
        }
    }

    /**
     * Makes the client, which takes {@code Keep-Alive} at its word, close an unused connection
     * before the origin does, so that no request meets a connection that closes; at once is for
     * ever to it.
     */
    static void leaveSooner(HttpHeaders fields) {
        String kept = fields.get(KEEP_ALIVE);
        int told = kept == null ? -1 : HttpUtils.parseKeepAliveHeaderTimeout(kept);
        if (told > 0) {
            fields.set(KEEP_ALIVE, "timeout=" + Math.max(1, told - MARGIN_SECONDS));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        if (end != null) {
            endLine(context);
        }
        release(context);
        context.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        release(context);
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        release(context);
    }

    /** Lets the response end that the client waits for; no other comes over the connection. */
    private void giveUp(ChannelHandlerContext context) {
        if (!over) {
            over = true;
            LOG.warn("{} sends more than a response; the connection is closed", context.channel());
            if (end == null) {
                var _ = context.close();
            } else {
                connection.shutdown();
            }
        }
    }

    /**
     * Brings out of the decoder what has come behind the response and has no line end yet: it
     * passes over an empty line before a response (RFC 9112 2.2), and over nothing else.
     */
    private static void endLine(ChannelHandlerContext context) throws Exception {
        ChannelHandlerContext codec = context.pipeline().context(HttpClientCodec.class);
        if (codec != null && codec.handler() instanceof ChannelInboundHandler decoder) {
            decoder.channelRead(codec, Unpooled.wrappedBuffer(LINE_END));
        }
    }

    private void release(ChannelHandlerContext context) {
        Object last = end;
        end = null;
        if (last != null) {
            context.fireChannelRead(last);
        }
    }
}
