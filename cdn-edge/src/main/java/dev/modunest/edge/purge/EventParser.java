package dev.modunest.edge.purge;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a {@code text/event-stream} (WHATWG HTML 9.2.6) in pieces of any size. {@code id} and
 * {@code retry} are read over: the follower counts by the serial numbers in the data, and its waits
 * are in its settings. Not thread-safe.
 */
final class EventParser {

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final long maxBytes;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private String type = "";
    private long eventBytes;
    private boolean firstLine = true;
    private boolean afterCarriageReturn;

    /**
     * @param maxBytes of all lines of one event together, comments included
     */
    EventParser(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * The events that end in {@code bytes}.
     *
     * @throws IllegalArgumentException when an event is longer than the bound
     */
    List<ServerSentEvent> parse(byte[] bytes) {
        List<ServerSentEvent> events = new ArrayList<>();
        for (byte next : bytes) {
            boolean secondOfPair = afterCarriageReturn && next == '\n';
            afterCarriageReturn = next == '\r';
            if (secondOfPair) {
                continue;
            }
            if (next == '\r' || next == '\n') {
                endLine(events);
            } else if (++eventBytes > maxBytes) {
                throw new IllegalArgumentException(
                        "an event is longer than " + maxBytes + " bytes (purge.max_event)");
            } else {
                line.write(next);
            }
        }
        return events;
    }

    private void endLine(List<ServerSentEvent> events) {
        String text = text();
        line.reset();
        if (text.isEmpty()) {
            dispatch(events);
            return;
        }
        int colon = text.indexOf(':');
        if (colon == 0) {
            return;
        }
        String field = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        if (value.startsWith(" ")) {
            value = value.substring(1);
        }
        switch (field) {
            case "event" -> type = value;
            case "data" -> data.append(value).append('\n');
            default -> {}
        }
    }

    private String text() {
        byte[] bytes = line.toByteArray();
        int start = 0;
        if (firstLine) {
            firstLine = false;
            boolean marked =
                    bytes.length >= BYTE_ORDER_MARK.length
                            && bytes[0] == BYTE_ORDER_MARK[0]
                            && bytes[1] == BYTE_ORDER_MARK[1]
                            && bytes[2] == BYTE_ORDER_MARK[2];
            start = marked ? BYTE_ORDER_MARK.length : 0;
        }
        return new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8);
    }

    private void dispatch(List<ServerSentEvent> events) {
        if (!data.isEmpty()) {
            data.setLength(data.length() - 1);
            events.add(new ServerSentEvent(type.isEmpty() ? "message" : type, data.toString()));
        }
        data.setLength(0);
        type = "";
        eventBytes = 0;
    }
}
