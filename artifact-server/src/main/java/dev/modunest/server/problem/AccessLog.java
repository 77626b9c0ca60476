package dev.modunest.server.problem;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.function.Function;

/**
 * One line for each request but probes of health that find it good. Of the query the names alone
 * are told, since values may be signatures and codes; of the headers the user agent. Thread-safe.
 */
public final class AccessLog {

    private static final Logger LOG = LoggerFactory.getLogger("modunest.access");
    private static final int MAX_AGENT = 256;
    private static final int OK = 200;
    private static final double NANOS_OF_MILLI = 1e6;

    private final boolean enabled;
    private final Function<ServerRequest, String> client;

    /**
     * As configured.
     *
     * @param client tells the address of who asks
     */
    public AccessLog(AccessLogConfig config, Function<ServerRequest, String> client) {
        this.enabled = config.enabled();
        this.client = client;
    }

    void write(
            ServerRequest request,
            ServerResponse response,
            String route,
            String method,
            int status,
            long nanos) {
        String path = request.prologue().uriPath().rawPath();
        if (!enabled || !LOG.isInfoEnabled() || isGoodProbe(path, status)) {
            return;
        }
        LOG.atInfo()
                .addKeyValue("client", client.apply(request))
                .addKeyValue("method", method)
                .addKeyValue("path", path)
                .addKeyValue("query", names(request.query().rawValue()))
                .addKeyValue("route", route)
                .addKeyValue("status", status)
                .addKeyValue("bytes", response.bytesWritten())
                .addKeyValue("ms", Math.round(nanos / NANOS_OF_MILLI * 1000) / 1000.0)
                .addKeyValue(
                        "user_agent",
                        cut(request.headers().first(HeaderNames.USER_AGENT).orElse("")))
                .log("{} {} {}", method, path, status);
    }

    /** Load balancers ask every second, and hear that all is well. */
    private static boolean isGoodProbe(String path, int status) {
        return status == OK && path.startsWith("/health/");
    }

    private static String cut(String agent) {
        return agent.length() <= MAX_AGENT ? agent : agent.substring(0, MAX_AGENT);
    }

    private static String names(String query) {
        StringBuilder out = new StringBuilder();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            out.append(out.isEmpty() ? "" : "&")
                    .append(equals < 0 ? "" : pair, 0, Math.max(0, equals));
        }
        return out.toString();
    }
}
