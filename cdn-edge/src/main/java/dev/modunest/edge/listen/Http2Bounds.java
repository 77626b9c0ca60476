package dev.modunest.edge.listen;

import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Default;

/**
 * The bounds of an HTTP/2 connection (RFC 9113 10.5).
 *
 * @param enabled over TLS by ALPN, and on the plain port for clients that know it beforehand
 * @param maxStreams requests at the same time
 * @param window bytes of a request body that are not asked for yet, of one stream
 * @param connectionWindow the same, of all streams
 * @param maxResets streams that the client opens and resets within 30 seconds
 * @param maxContinuations small CONTINUATION frames of a header block
 * @param maxControlFrames SETTINGS, PING, PRIORITY, RST_STREAM, empty and unknown frames within 10
 *     seconds
 */
public record Http2Bounds(
        @Default("true") boolean enabled,
        @Default("128") int maxStreams,
        @Default("64KiB") ByteSize window,
        @Default("1MiB") ByteSize connectionWindow,
        @Default("200") int maxResets,
        @Default("8") int maxContinuations,
        @Default("1000") int maxControlFrames) {

    private static final int DEFAULT_WINDOW = 65_535;

    public Http2Bounds {
        if (maxStreams < 1 || maxResets < 1 || maxContinuations < 1 || maxControlFrames < 1) {
            throw new IllegalArgumentException(
                    "max_streams, max_resets, max_continuations and max_control_frames must be above"
                            + " zero");
        }
        if (window.bytes() < 1 || window.bytes() > 1 << 30) {
            throw new IllegalArgumentException("window is out of range: 1B to 1GiB");
        }
        if (connectionWindow.bytes() < DEFAULT_WINDOW || connectionWindow.bytes() > 1 << 30) {
            throw new IllegalArgumentException("connection_window is out of range: 64KiB to 1GiB");
        }
    }

    /** These bounds, with those of {@code changed} that may change while connections are open. */
    Http2Bounds changedTo(Http2Bounds changed) {
        return new Http2Bounds(
                enabled,
                maxStreams,
                window,
                connectionWindow,
                maxResets,
                maxContinuations,
                changed.maxControlFrames);
    }
}
