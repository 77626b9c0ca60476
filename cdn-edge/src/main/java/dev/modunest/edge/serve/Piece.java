package dev.modunest.edge.serve;

import dev.modunest.edge.cache.Part;
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

    /**
     * The bytes of {@code span}.
     *
     * @param first position of the first byte of the content
     */
    static Piece of(Span span, long first) {
        return new Slice(span.first() - first, span.length());
    }

    /** The body of a {@code multipart/byteranges} response (RFC 9110 14.6). */
    static List<Piece> multipart(List<Span> spans, Part part, String mediaType, String boundary) {
        List<Piece> pieces = new ArrayList<>();
        String delimiter = "--" + boundary;
        for (Span span : spans) {
            String head =
                    delimiter
                            + "\r\nContent-Type: "
                            + mediaType
                            + "\r\nContent-Range: "
                            + span.contentRange(part.complete())
                            + "\r\n\r\n";
            pieces.add(new Text(Buffer.buffer(head)));
            pieces.add(of(span, part.first()));
            delimiter = "\r\n--" + boundary;
        }
        pieces.add(new Text(Buffer.buffer(delimiter + "--\r\n")));
        return pieces;
    }

    static long length(List<Piece> pieces) {
        return pieces.stream().mapToLong(Piece::length).sum();
    }
}
