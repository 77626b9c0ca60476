package dev.modunest.edge.serve;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Headers;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.net.impl.VertxConnection;

import java.util.Locale;

/**
 * An interim response to a request (RFC 9110 15.2): 103 and those that Vert.x has no method for.
 */
record InterimResponse(int status, MultiMap fields) {

    /** Sends it, on the event loop of {@code request}; HTTP/1.0 has none. */
    void send(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_1_0) {
            return;
        }
        if (status == HttpResponseStatus.EARLY_HINTS.code()) {
            request.response().writeEarlyHints(fields);
        } else if (request.connection() instanceof VertxConnection connection
                && request.version() == HttpVersion.HTTP_1_1) {
            connection.writeToChannel(ofHttp1());
        } else if (request.connection() instanceof HttpServerConnection connection
                && connection.channelHandlerContext().handler()
                        instanceof Http2ConnectionHandler http2) {
            send(http2, connection.channelHandlerContext(), request);
        }
    }

    private void send(
            Http2ConnectionHandler http2,
            ChannelHandlerContext context,
            HttpServerRequest request) {
        int stream = Math.toIntExact(request.streamId());
        var _ =
                http2.encoder()
                        .writeHeaders(context, stream, ofHttp2(), 0, false, context.newPromise());
        context.flush();
    }

    private DefaultFullHttpResponse ofHttp1() {
        HttpHeaders headers = new DefaultHttpHeaders();
        fields.forEach((name, value) -> headers.add(name, value));
        return new DefaultFullHttpResponse(
                io.netty.handler.codec.http.HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(status),
                Unpooled.EMPTY_BUFFER,
                headers,
                EmptyHttpHeaders.INSTANCE);
    }

    private Http2Headers ofHttp2() {
        Http2Headers headers = new DefaultHttp2Headers().status(Integer.toString(status));
        fields.forEach((name, value) -> headers.add(name.toLowerCase(Locale.ROOT), value));
        return headers;
    }
}
