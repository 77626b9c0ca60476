package dev.modunest.edge.listen;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameTypes;

/**
 * Reads the headers of the HTTP/2 frames of a client (RFC 9113 4.1) as they pass: counts what costs
 * and brings no request on, and knows whether a header block is open.
 */
final class FrameMeter {

    private static final int HEADER_LENGTH = 9;
    private static final int LENGTH_BYTES = 3;
    private static final int END_HEADERS = 4;

    private final byte[] header = new byte[HEADER_LENGTH];
    private int have;
    private int payload = Http2CodecUtil.connectionPrefaceBuf().readableBytes();
    private int controlFrames;
    private int requests;
    private int lastStream;
    private int repeated;
    private long dataBytes;
    private boolean headersOpen;

    /**
     * Reads {@code in} from index {@code from} and leaves it as it is.
     *
     * @return behind the last byte, or behind the header of HEADERS for {@link #repeated} stream
     */
    int read(ByteBuf in, int from) {
        int at = from;
        int end = in.writerIndex();
        repeated = 0;
        while (at < end && repeated == 0) {
            if (payload > 0) {
                int skipped = Math.min(payload, end - at);
                payload -= skipped;
                at += skipped;
            } else {
                header[have++] = in.getByte(at++);
                if (have == HEADER_LENGTH) {
                    have = 0;
                    frame();
                }
            }
        }
        return at;
    }

    /** The stream for which HEADERS have come that is not a new one; 0: none. */
    int repeated() {
        return repeated;
    }

    private void frame() {
        payload = 0;
        for (int i = 0; i < LENGTH_BYTES; i++) {
            payload = (payload << Byte.SIZE) | (header[i] & 0xff);
        }
        switch (header[LENGTH_BYTES]) {
            case Http2FrameTypes.DATA -> {
                dataBytes += payload;
                controlFrames += payload == 0 ? 1 : 0;
            }
            case Http2FrameTypes.HEADERS -> {
                headers();
                headersOpen = !endsHeaders();
            }
            case Http2FrameTypes.CONTINUATION -> headersOpen = !endsHeaders();
            case Http2FrameTypes.WINDOW_UPDATE -> {}
            default -> controlFrames++;
        }
    }

    private void headers() {
        int stream = 0;
        for (int i = HEADER_LENGTH - Integer.BYTES; i < HEADER_LENGTH; i++) {
            stream = (stream << Byte.SIZE) | (header[i] & 0xff);
        }
        stream &= Integer.MAX_VALUE;
        if (stream > lastStream) {
            lastStream = stream;
            requests++;
        } else {
            repeated = stream;
        }
    }

    private boolean endsHeaders() {
        return (header[LENGTH_BYTES + 1] & END_HEADERS) != 0;
    }

    /** Frames that are neither of a request nor a credit, since the last {@link #forget}. */
    int controlFrames() {
        return controlFrames;
    }

    void forget() {
        controlFrames = 0;
    }

    /** Streams that the client has opened. */
    int requests() {
        return requests;
    }

    long dataBytes() {
        return dataBytes;
    }

    boolean headersOpen() {
        return headersOpen;
    }
}
