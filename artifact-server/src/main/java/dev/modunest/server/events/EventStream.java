package dev.modunest.server.events;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.OutboxEvent;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes server-sent events (WHATWG HTML, section 9.2), each at once. */
final class EventStream implements AutoCloseable {

    private final OutputStream out;

    EventStream(OutputStream out) {
        this.out = out;
    }

    void events(List<OutboxEvent> events) throws IOException {
        StringBuilder text = new StringBuilder();
        for (OutboxEvent event : events) {
            text.append("id: ").append(event.serial()).append('\n');
            append(text, event.kind(), data(event));
        }
        write(text);
    }

    private static ObjectNode data(OutboxEvent event) {
        ObjectNode data = number(event.serial()).put("plugin", event.plugin().toString());
        event.coordinate().ifPresent(value -> data.put("coordinate", value.toString()));
        event.digest().ifPresent(value -> data.put("digest", value.toString()));
        return data.put("at", event.at().toString());
    }

    /** Everything up to {@code serial} was told. */
    void serial(long serial) throws IOException {
        write(append(new StringBuilder(), "serial", number(serial)));
    }

    /** What was told before does not count; what follows comes after {@code serial}. */
    void reset(long serial) throws IOException {
        write(append(new StringBuilder(), "reset", number(serial)));
    }

    /** A comment: the connection lives, and whether there are changes is not known. */
    void waiting() throws IOException {
        write(new StringBuilder(": waiting\n\n"));
    }

    private static ObjectNode number(long serial) {
        return JsonNodeFactory.instance.objectNode().put("serial", serial);
    }

    private static StringBuilder append(StringBuilder text, String event, ObjectNode data) {
        return text.append("event: ")
                .append(event)
                .append("\ndata: ")
                .append(data.toString())
                .append("\n\n");
    }

    private void write(StringBuilder text) throws IOException {
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
