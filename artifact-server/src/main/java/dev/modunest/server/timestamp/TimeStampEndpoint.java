package dev.modunest.server.timestamp;

import dev.modunest.server.body.SmallBody;
import dev.modunest.server.problem.Answers;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** {@code POST /tsa}: RFC 3161 over HTTP (3.4). */
public final class TimeStampEndpoint {

    private static final int MAX_BODY = 4 << 10;

    private final TimeStamping stamping;

    public TimeStampEndpoint(TimeStamping stamping) {
        this.stamping = stamping;
    }

    public void post(ServerRequest request, ServerResponse response) {
        byte[] answer = stamping.answer(SmallBody.read(request, MAX_BODY));
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        Answers.send(request, response, "application/timestamp-reply", answer);
    }
}
