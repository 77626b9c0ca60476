package dev.modunest.server.idempotency;

import dev.modunest.server.problem.Answers;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * A successful answer to a mutation, whole, so that it can be kept and told again.
 *
 * @param headers by name; type, length and Cache-Control are not among them
 * @param json the body
 */
public record Answer(int status, Map<String, String> headers, String json) {

    static final String REPLAYED = "Idempotency-Replayed";

    public Answer {
        headers = Map.copyOf(headers);
    }

    /** The same with one more header. */
    public Answer with(String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new Answer(status, more, json);
    }

    /** Whether it was given before, to the first request with this key. */
    public boolean isReplay() {
        return headers.containsKey(REPLAYED);
    }

    public void send(ServerRequest request, ServerResponse response) {
        response.status(Status.create(status));
        headers.forEach((name, value) -> response.header(HeaderNames.create(name), value));
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        if (!request.content().consumed()) {
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
        Answers.send(request, response, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }
}
