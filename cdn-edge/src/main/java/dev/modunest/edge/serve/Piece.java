package dev.modunest.edge.serve;

import dev.modunest.format.http.ByteRanges.Span;

import io.vertx.core.buffer.Buffer;

import java.util.ArrayList;
import java.util.List;

/** A piece of a response body. */
sealed interface Piece {

    /** Bytes of its own: the frame of a multipart body. */
    record Text(Buffer bytes) implements Piece {
        @Override
        public long length() {
            return bytes.length();
        }
    }

    /** Bytes of the content. */
    record Slice(long first, long length) implements Piece {}

    long length();

    static List<Piece> whole(long size) {
        return List.of(new Slice(0, size));
    }

    static List<Piece> single(Span span) {
        return List.of(new Slice(span.first(), span.length()));
    }

    /** The body of a {@code multipart/byteranges} response (RFC 9110 14.6). */
    static List<Piece> multipart(List<Span> spans, long size, String mediaType, String boundary) {
        List<Piece> pieces = new ArrayList<>();
        String delimiter = "--" + boundary;
        for (Span span : spans) {
            String head =
                    delimiter
                            + "\r\nContent-Type: "
                            + mediaType
                            + "\r\nContent-Range: "
                            + span.contentRange(size)
                            + "\r\n\r\n";
            pieces.add(new Text(Buffer.buffer(head)));
            pieces.add(new Slice(span.first(), span.length()));
            delimiter = "\r\n--" + boundary;
        }
        pieces.add(new Text(Buffer.buffer(delimiter + "--\r\n")));
        return pieces;
    }

    static long length(List<Piece> pieces) {
        return pieces.stream().mapToLong(Piece::length).sum();
    }
}
