package dev.modunest.edge;

import static dev.modunest.edge.FrameSocket.END_HEADERS;
import static dev.modunest.edge.FrameSocket.END_STREAM;
import static dev.modunest.edge.FrameSocket.HEADERS;
import static dev.modunest.edge.FrameSocket.WITH_PRIORITY;
import static dev.modunest.edge.FrameSocket.block;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What an edge answers over HTTP/2, with all its header sections. */
final class Http2Answers {

    private static final int PRIORITY_BYTES = 5;

    private Http2Answers() {}

    /** Those of the response to a GET of {@code path}: interim ones, the final one, trailers. */
    static List<Http2Headers> headers(FrameSocket client, String path)
            throws IOException, Http2Exception {
        client.frame(
                HEADERS,
                END_HEADERS | END_STREAM,
                1,
                block(":method", "GET", ":scheme", "http", ":path", path, ":authority", "e"));
        DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
        List<Http2Headers> sections = new ArrayList<>();
        FrameSocket.Frame frame = client.read();
        while (frame.type() >= 0) {
            if (frame.type() == HEADERS && frame.stream() == 1) {
                int from = (frame.flags() & WITH_PRIORITY) == 0 ? 0 : PRIORITY_BYTES;
                int length = frame.payload().length - from;
                sections.add(
                        decoder.decodeHeaders(
                                1, Unpooled.wrappedBuffer(frame.payload(), from, length)));
            }
            if (frame.stream() == 1 && frame.ends()) {
                return sections;
            }
            frame = client.read();
        }
        return sections;
    }
}
