package dev.modunest.edge;

import com.sun.net.httpserver.HttpExchange;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The event stream of a {@link FakeOrigin}: all events since the beginning, and heartbeats. */
final class FakeEvents {

    private static final Pattern SINCE =
            Pattern.compile("/api/v1/events\\?since=(\\d+)(?:&at=(.+))?");
    private static final long HEARTBEAT_MILLIS = 50;

    private record Event(long serial, String text) {}

    private final List<Event> events = new ArrayList<>();
    private final List<Long> asked = new ArrayList<>();
    private final List<String> times = new ArrayList<>();
    private final List<String> authorizations = new ArrayList<>();
    private long serial;
    private long generation;
    private boolean silent;
    private int refusal;

    /** Appends an event; gives its serial number. */
    synchronized long tell(String kind, String coordinate, Digest digest) {
        serial++;
        events.add(
                new Event(
                        serial,
                        "id: %d\nevent: %s\ndata: {\"serial\":%d,\"plugin\":\"%s\",\n"
                                        .formatted(
                                                serial,
                                                kind,
                                                serial,
                                                Coordinate.parse(coordinate).plugin())
                                + "data: \"coordinate\":\"%s\",\"digest\":\"%s\",\"at\":\"2026-11-01T00:00:00Z\"}\n\n"
                                        .formatted(coordinate, digest)));
        notifyAll();
        return serial;
    }

    long tell(String kind, String coordinate) {
        return tell(kind, coordinate, Digest.ofBytes(coordinate.getBytes(StandardCharsets.UTF_8)));
    }

    /** Sends {@code text} as it is to all who are connected. */
    synchronized void say(String text) {
        events.add(new Event(Long.MAX_VALUE, text));
        notifyAll();
    }

    /** Takes a serial number for an event that is never told. */
    synchronized long swallow() {
        return ++serial;
    }

    synchronized long serial() {
        return serial;
    }

    /** Forgets all events; who asks for older ones is told to reset to {@code to}. */
    synchronized void forget(long to) {
        events.clear();
        serial = to;
        disconnect();
    }

    /** Ends all streams. */
    synchronized void disconnect() {
        generation++;
        notifyAll();
    }

    /** No heartbeat and no event is sent from now on, or again. */
    synchronized void silent(boolean so) {
        silent = so;
        notifyAll();
    }

    /** New streams are answered with this status; 0: served. */
    synchronized void refuse(int status) {
        refusal = status;
        disconnect();
    }

    /** The serial numbers that streams were opened after. */
    synchronized List<Long> asked() {
        return List.copyOf(asked);
    }

    void serve(HttpExchange x) throws IOException {
        Matcher since = SINCE.matcher(x.getRequestURI().toString());
        if (!since.matches()) {
            x.sendResponseHeaders(400, -1);
            return;
        }
        if (refused() != 0) {
            x.sendResponseHeaders(refused(), -1);
            return;
        }
        timed(String.valueOf(since.group(2)));
        authorized(String.valueOf(x.getRequestHeaders().getFirst("Authorization")));
        x.getResponseHeaders().set("Content-Type", "text/event-stream");
        x.sendResponseHeaders(200, 0);
        try {
            stream(Long.parseLong(since.group(1)), x.getResponseBody());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void timed(String time) {
        times.add(time);
    }

    /** The times of the last event that streams were opened with; "null" without. */
    synchronized List<String> times() {
        return List.copyOf(times);
    }

    private synchronized void authorized(String authorization) {
        authorizations.add(authorization);
    }

    /** What streams were opened with; "null" without. */
    synchronized List<String> authorizations() {
        return List.copyOf(authorizations);
    }

    private synchronized int refused() {
        return refusal;
    }

    private void stream(long since, OutputStream out) throws IOException, InterruptedException {
        long mine;
        int next = 0;
        String first = "";
        synchronized (this) {
            asked.add(since);
            mine = generation;
            if (since > serial || (since < serial && events.isEmpty())) {
                first = "event: reset\ndata: {\"serial\":" + serial + "}\n\n";
                next = events.size();
            }
        }
        out.write(first.getBytes(StandardCharsets.UTF_8));
        while (true) {
            StringBuilder text = new StringBuilder();
            synchronized (this) {
                if (generation != mine) {
                    return;
                }
                if (!silent) {
                    for (; next < events.size(); next++) {
                        if (events.get(next).serial() > since) {
                            text.append(events.get(next).text());
                        }
                    }
                    text.append("event: serial\ndata: {\"serial\":" + serial + "}\n\n");
                }
            }
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            out.flush();
            synchronized (this) {
                if (generation == mine && (silent || next == events.size())) {
                    wait(HEARTBEAT_MILLIS);
                }
            }
        }
    }
}
