package dev.modunest.edge.log;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Locale;

/**
 * What is told about one request. Of the query the names alone, since values may be signatures and
 * tokens; of headers those below.
 *
 * @param query null when there is none
 * @param userAgent cut after 256 characters
 * @param traceId null when the trace is not recorded
 * @param nanos from the head of the request to the end of the response
 */
public record AccessLine(
        Instant time,
        String client,
        String protocol,
        boolean tls,
        String method,
        @Nullable String host,
        String path,
        @Nullable String query,
        int status,
        long bytes,
        String route,
        String cache,
        long nanos,
        String requestId,
        @Nullable String traceId,
        @Nullable String userAgent) {

    private static final int MAX_AGENT = 256;

    /** One line. */
    public String json() {
        StringBuilder out = new StringBuilder(384).append('{');
        text(out, "time", time.toString());
        text(out, "client", client);
        text(out, "protocol", protocol);
        out.append("\"tls\":").append(tls).append(',');
        text(out, "method", method);
        text(out, "host", host);
        text(out, "path", path);
        text(out, "query", query == null ? null : names(query));
        out.append("\"status\":").append(status).append(',');
        out.append("\"bytes\":").append(bytes).append(',');
        text(out, "route", route);
        text(out, "cache", cache);
        out.append("\"ms\":").append(String.format(Locale.ROOT, "%.3f", nanos / 1e6)).append(',');
        text(out, "user_agent", cut(userAgent));
        text(out, "request_id", requestId);
        text(out, "trace_id", traceId);
        out.setCharAt(out.length() - 1, '}');
        return out.toString();
    }

    private static @Nullable String cut(@Nullable String agent) {
        return agent == null || agent.length() <= MAX_AGENT ? agent : agent.substring(0, MAX_AGENT);
    }

    private static String names(String query) {
        StringBuilder out = new StringBuilder();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            out.append(out.isEmpty() ? "" : "&")
                    .append(equals < 0 ? "?" : pair.substring(0, equals));
        }
        return out.toString();
    }

    private static void text(StringBuilder out, String name, @Nullable String value) {
        if (value == null) {
            return;
        }
        out.append('"').append(name).append("\":\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || (c >= 0x7f && c < 0xa0)) {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append("\",");
    }
}
