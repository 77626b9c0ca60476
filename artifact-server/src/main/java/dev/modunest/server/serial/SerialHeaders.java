package dev.modunest.server.serial;

import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;

import java.time.Duration;
import java.util.Optional;

/**
 * {@code Registry-Serial} tells how new an answer is at least, {@code Registry-Min-Serial} how new
 * it has to be. Thread-safe.
 */
public final class SerialHeaders {

    public static final HeaderName SERIAL = HeaderNames.create("Registry-Serial");
    public static final HeaderName MIN_SERIAL = HeaderNames.create("Registry-Min-Serial");

    private static final String RETRY_SECONDS = "1";

    private final SerialLog log;
    private final Duration maxWait;

    public SerialHeaders(SerialConfig config, SerialLog log) {
        this.log = log;
        this.maxWait = config.maxWait();
    }

    /** What {@code handler} reads is as new as the request asks, and the answer says how new. */
    public Handler reading(Handler handler) {
        return (request, response) -> {
            minimum(request).ifPresent(this::await);
            response.header(SERIAL, Long.toString(log.applied()));
            handler.handle(request, response);
        };
    }

    private static Optional<Long> minimum(ServerRequest request) {
        return request.headers()
                .first(MIN_SERIAL)
                .map(text -> number(MIN_SERIAL.defaultCase(), text));
    }

    /** A serial number as clients send it; throws {@link Rejection} when it is none. */
    public static long number(String name, String text) {
        try {
            long serial = Long.parseLong(text);
            if (serial >= 0 && text.charAt(0) != '+') {
                return serial;
            }
        } catch (NumberFormatException notANumber) {
            throw invalid(name, text);
        }
        throw invalid(name, text);
    }

    private static Rejection invalid(String name, String text) {
        return new Rejection(
                ProblemCode.PARAMETER_INVALID,
                name
                        + " is a whole number from 0 up, not '"
                        + text
                        + "'; take it from the header Registry-Serial of an earlier answer");
    }

    private void await(long serial) {
        if (!log.await(serial, maxWait)) {
            throw new Rejection(
                            ProblemCode.SERIAL_NOT_REACHED,
                            "This server has applied the changes up to serial "
                                    + log.applied()
                                    + " and not up to "
                                    + serial
                                    + " within "
                                    + maxWait.toMillis()
                                    + " ms; try again in "
                                    + RETRY_SECONDS
                                    + " second, or leave out "
                                    + MIN_SERIAL.defaultCase())
                    .with("Retry-After", RETRY_SECONDS);
        }
    }
}
