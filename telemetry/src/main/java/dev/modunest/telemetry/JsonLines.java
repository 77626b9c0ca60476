package dev.modunest.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.slf4j.event.KeyValuePair;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A JSON object for each line: {@code time} (RFC 3339, UTC), {@code level}, {@code logger}, {@code
 * message}, what the MDC has ({@code request_id}, {@code trace_id}, {@code span_id}), the fields of
 * the event, and {@code error} with the stack trace. Secrets are masked.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {

    private static final byte[] NONE = {};

    @Override
    public byte[] headerBytes() {
        return NONE;
    }

    @Override
    public byte[] footerBytes() {
        return NONE;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("time", event.getInstant().toString());
        line.put("level", event.getLevel().toString());
        line.put("logger", event.getLoggerName());
        line.put("message", Secrets.masked(event.getFormattedMessage()));
        event.getMDCPropertyMap().forEach(line::put);
        List<KeyValuePair> fields = event.getKeyValuePairs();
        if (fields != null) {
            fields.forEach(field -> put(line, field));
        }
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            line.put("error", Secrets.masked(ThrowableProxyUtil.asString(thrown)));
        }
        return (line + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void put(ObjectNode line, KeyValuePair field) {
        switch (field.value) {
            case null -> line.putNull(field.key);
            case Integer number -> line.put(field.key, number);
            case Long number -> line.put(field.key, number);
            case Double number -> line.put(field.key, number);
            case Boolean truth -> line.put(field.key, truth);
            case Object other -> line.put(field.key, Secrets.masked(other.toString()));
        }
    }
}
