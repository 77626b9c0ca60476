package dev.modunest.edge.origin;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Set;

/**
 * Ends a response only when nothing has come behind it: bytes that nobody has asked for would be
 * taken for the response to the next request on the connection (RFC 9112 9.2). Whoever sends them
 * loses the connection. Interim responses that the client does not know are left out (RFC 9110
 * 15.2). Sits between the codec and the client, which sends one request at a time.
 */
final class ResponseBoundary extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(ResponseBoundary.class);
    private static final String NAME = "response-boundary";
    private static final int FIRST_FINAL_STATUS = 200;

    /** The client takes any other 1xx for the response. */
    private static final Set<Integer> UNDERSTOOD = Set.of(100, 101, 103);

    private @Nullable Object end;
    private boolean interim;
    private boolean unknown;

    /** Watches over a connection of HTTP/1.1 that has just been made. */
    static void watch(HttpConnection connection) {
        if (connection instanceof ConnectionBase base) {
            ChannelHandlerContext client = base.channelHandlerContext();
            client.pipeline().addBefore(client.name(), NAME, new ResponseBoundary());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpResponse response) {
            interim = response.status().code() < FIRST_FINAL_STATUS;
            unknown = interim && !UNDERSTOOD.contains(response.status().code());
        }
        if (unknown) {
            ReferenceCountUtil.release(message);
        } else if (end != null && message instanceof HttpObject) {
            ReferenceCountUtil.release(message);
            LOG.warn("{} sends more than a response; the connection is closed", context.channel());
            var _ = context.close();
        } else if (message instanceof LastHttpContent && !interim) {
            end = message;
        } else {
            context.fireChannelRead(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
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

    private void release(ChannelHandlerContext context) {
        Object last = end;
        end = null;
        if (last != null) {
            context.fireChannelRead(last);
        }
    }
}
