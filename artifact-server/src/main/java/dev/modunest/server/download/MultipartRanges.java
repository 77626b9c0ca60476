package dev.modunest.server.download;

import dev.modunest.format.http.ByteRanges;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** The framing of a {@code multipart/byteranges} body (RFC 9110 14.6). */
final class MultipartRanges {

    private final String boundary = "modunest-" + UUID.randomUUID();
    private final List<ByteRanges.Span> spans;
    private final String mediaType;
    private final long total;

    MultipartRanges(List<ByteRanges.Span> spans, String mediaType, long total) {
        this.spans = spans;
        this.mediaType = mediaType;
        this.total = total;
    }

    String contentType() {
        return "multipart/byteranges; boundary=" + boundary;
    }

    long contentLength() {
        long length = end().length;
        for (ByteRanges.Span span : spans) {
            length += head(span).length + span.length();
        }
        return length;
    }

    /** What stands before the bytes of {@code span}. */
    byte[] head(ByteRanges.Span span) {
        return ascii(
                "\r\n--"
                        + boundary
                        + "\r\nContent-Type: "
                        + mediaType
                        + "\r\nContent-Range: "
                        + span.contentRange(total)
                        + "\r\n\r\n");
    }

    byte[] end() {
        return ascii("\r\n--" + boundary + "--\r\n");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
