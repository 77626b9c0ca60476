package dev.modunest.edge.listen;

import java.util.Locale;

/** Why the edge ends a connection, or takes none. */
enum Ending {
    MAX_CONNECTIONS,
    MAX_PER_ADDRESS,
    IDLE,
    HEADER_TIMEOUT,
    BODY_TIMEOUT,
    BODY_RATE,
    WRITE_TIMEOUT,
    MALFORMED,
    FRAME_FLOOD,
    DRAINED;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As in metrics. */
    String label() {
        return label;
    }
}
