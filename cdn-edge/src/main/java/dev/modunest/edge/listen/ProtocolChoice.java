package dev.modunest.edge.listen;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.http.impl.tcp.Http1xOrH2CHandler;

import java.util.Objects;

/**
 * Waits behind the handlers by which Vert.x finds out the protocol, and puts the watches of the
 * protocol into the pipeline before its codec reads the first byte.
 */
final class ProtocolChoice extends ChannelInboundHandlerAdapter {

    private static final String HTTP_DECODER = "httpDecoder";
    private static final String HTTP_ENCODER = "httpEncoder";

    private final Front front;
    private final ClientConnection connection;

    private ProtocolChoice(Front front, ClientConnection connection) {
        this.front = front;
        this.connection = connection;
    }

    /** Installs itself into the pipeline of a new connection. */
    static Conversation install(
            ChannelPipeline pipeline, Front front, ClientConnection connection) {
        ProtocolChoice choice = new ProtocolChoice(front, connection);
        ChannelHandlerContext tls = pipeline.context(SslHandler.class);
        ChannelHandlerContext found =
                tls != null ? tls : pipeline.context(Http1xOrH2CHandler.class);
        if (found == null) {
            pipeline.addBefore(HTTP_DECODER, null, choice);
        } else {
            pipeline.addAfter(found.name(), null, choice);
        }
        return new Opening(pipeline.channel(), front, tls != null, connection.now());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ChannelPipeline pipeline = ctx.pipeline();
        if (pipeline.get(HTTP_DECODER) == null) {
            Http2Conversation http2 =
                    new Http2Conversation(
                            front,
                            connection,
                            Objects.requireNonNull(pipeline.get(Http2ConnectionHandler.class)));
            pipeline.addAfter(ctx.name(), null, http2);
            connection.speaks(http2);
        } else {
            StrictRequestDecoder decoder = new StrictRequestDecoder(front.settings());
            Http1Conversation http1 = new Http1Conversation(front, connection, decoder);
            pipeline.replace(HTTP_DECODER, HTTP_DECODER, decoder);
            pipeline.addAfter(HTTP_ENCODER, null, http1);
            connection.speaks(http1);
        }
        ctx.fireChannelRead(message);
        pipeline.remove(this);
    }
}
