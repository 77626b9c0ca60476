package dev.modunest.server.problem;

import dev.modunest.format.http.Problem;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;

import java.util.Objects;

/**
 * Problem documents for requests that fail before they reach a route: what the HTTP parser of the
 * web server refuses.
 */
public final class ParserProblems implements DirectHandler {

    private final long maxHeaderBytes;
    private final long maxRequestLineBytes;

    private ParserProblems(long maxHeaderBytes, long maxRequestLineBytes) {
        this.maxHeaderBytes = maxHeaderBytes;
        this.maxRequestLineBytes = maxRequestLineBytes;
    }

    public static DirectHandlers handlers(long maxHeaderBytes, long maxRequestLineBytes) {
        DirectHandler handler = new ParserProblems(maxHeaderBytes, maxRequestLineBytes);
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (EventType event : EventType.values()) {
            handlers.addHandler(event, handler);
        }
        return handlers.build();
    }

    @Override
    public TransportResponse handle(
            TransportRequest request,
            EventType event,
            Status status,
            ServerResponseHeaders headers,
            String message) {
        Rejection rejection = rejection(status, Objects.requireNonNullElse(message, ""));
        String id = RequestId.current();
        Problem problem = ProblemHandler.problem(rejection, request.path(), id);
        return TransportResponse.builder()
                .status(rejection.code().status())
                .headers(headers)
                .header(HeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .header(HeaderNames.CACHE_CONTROL, "no-store")
                .header(RequestId.HEADER, id)
                .keepAlive(false)
                .entity(problem.toJson())
                .build();
    }

    private Rejection rejection(Status status, String message) {
        // The header parser tells its limit by this message alone (helidon-http
        // Http1HeadersParser).
        if (message.equals("Header size exceeded")) {
            return new Rejection(
                    ProblemCode.HEADERS_TOO_LARGE,
                    "The limit is "
                            + maxHeaderBytes
                            + " bytes for all headers together; send fewer or shorter ones");
        }
        return switch (status.code()) {
            case 414 ->
                    new Rejection(
                            ProblemCode.URI_TOO_LONG,
                            "The limit is "
                                    + maxRequestLineBytes
                                    + " bytes for the request line; shorten the path or the query");
            case 501 ->
                    new Rejection(
                            ProblemCode.NOT_IMPLEMENTED,
                            "Only the transfer coding chunked is known; send the body so or with Content-Length");
            case 505 ->
                    new Rejection(
                            ProblemCode.HTTP_VERSION_UNSUPPORTED, "Send the request as HTTP/1.1");
            case 503 ->
                    new Rejection(
                                    ProblemCode.OVERLOADED,
                                    "Too many requests are being answered; try again in a second")
                            .with("Retry-After", "1");
            default ->
                    status.code() >= 500
                            ? new Rejection(
                                    ProblemCode.INTERNAL_ERROR,
                                    "The server failed; report the request id to the operator")
                            : new Rejection(
                                    ProblemCode.BAD_REQUEST,
                                    (message.isEmpty() ? "The request cannot be read" : message)
                                            + "; correct the request and send it again");
        };
    }
}
