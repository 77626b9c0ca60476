package dev.modunest.server.problem;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;

import org.slf4j.MDC;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The id under which a request is found in logs: the client's when it may stand in a log line, else
 * made here. Kept in the MDC of the request's thread.
 */
public final class RequestId {

    public static final HeaderName HEADER = HeaderNames.create("X-Request-Id");

    private static final String MDC_KEY = "request_id";
    private static final Pattern ACCEPTABLE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private RequestId() {}

    /** Makes the id of a request that starts on this thread. */
    static String begin(Optional<String> fromClient) {
        String id =
                fromClient
                        .filter(text -> ACCEPTABLE.matcher(text).matches())
                        .orElseGet(() -> UUID.randomUUID().toString());
        MDC.put(MDC_KEY, id);
        return id;
    }

    /** The id of the request that this thread works on; a new one outside of any. */
    public static String current() {
        String id = MDC.get(MDC_KEY);
        return id == null ? UUID.randomUUID().toString() : id;
    }

    static void end() {
        MDC.remove(MDC_KEY);
    }
}
