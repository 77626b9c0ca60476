package dev.modunest.server.problem;

import dev.modunest.db.DatabaseException;
import dev.modunest.format.http.Problem;
import dev.modunest.server.artifact.StoreException;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.webserver.http.ErrorHandler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * The one place where a failed request becomes an answer and, when it is our failure, a log line.
 */
public final class ProblemHandler implements ErrorHandler<Throwable> {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);
    private static final String RETRY_SECONDS = "5";

    /** They hold for problems as for other answers. */
    private static final List<HeaderName> KEPT =
            List.of(
                    HeaderNames.create("Registry-Serial"),
                    HeaderNames.create("RateLimit"),
                    HeaderNames.create("RateLimit-Policy"));

    @Override
    public void handle(ServerRequest request, ServerResponse response, Throwable thrown) {
        Rejection rejection = rejection(thrown);
        String id = RequestId.current();
        List<Header> kept = KEPT.stream().flatMap(name -> header(response, name)).toList();
        response.headers().clear();
        kept.forEach(response::header);
        response.status(rejection.code().status());
        response.header(RequestId.HEADER, id);
        response.header(
                HeaderNames.CACHE_CONTROL,
                isForAll(rejection, request) ? "public, max-age=1" : "no-store");
        rejection
                .headers()
                .forEach((name, value) -> response.header(HeaderNames.create(name), value));
        if (!request.content().consumed()) {
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
        byte[] document = problem(rejection, request.prologue().uriPath().rawPath(), id).toJson();
        Answers.send(request, response, Problem.MEDIA_TYPE, document);
    }

    /** What is not there for one caller may be there for another. */
    private static boolean isForAll(Rejection rejection, ServerRequest request) {
        return rejection.code().status().code() == 404
                && !request.headers().contains(HeaderNames.AUTHORIZATION)
                && !request.headers().contains(HeaderNames.COOKIE);
    }

    private static Stream<Header> header(ServerResponse response, HeaderName name) {
        return response.headers().contains(name)
                ? Stream.of(response.headers().get(name))
                : Stream.empty();
    }

    private static Rejection rejection(Throwable thrown) {
        return switch (thrown) {
            case Rejection rejection -> rejection;
            case DatabaseException failed -> database(failed);
            case StoreException failed -> {
                LOG.error("the artifact storage failed", failed);
                yield new Rejection(
                                ProblemCode.STORAGE_UNAVAILABLE,
                                "The artifact storage did not do what was asked; try again in "
                                        + RETRY_SECONDS
                                        + " seconds, and tell the operator the request id if it stays")
                        .with("Retry-After", RETRY_SECONDS);
            }
            case HttpException http -> http(http);
            default -> internal(thrown);
        };
    }

    private static Rejection database(DatabaseException failed) {
        if (!failed.isUnavailable()) {
            return internal(failed);
        }
        LOG.error("the index is not available", failed);
        return new Rejection(
                        ProblemCode.DATABASE_UNAVAILABLE,
                        "The index did not answer in time; try again in "
                                + RETRY_SECONDS
                                + " seconds, and tell the operator the request id if it stays")
                .with("Retry-After", RETRY_SECONDS);
    }

    private static Rejection http(HttpException http) {
        return switch (http.status().code()) {
            case 404 ->
                    new Rejection(
                            ProblemCode.ROUTE_UNKNOWN,
                            "Nothing is served at this path; /openapi.yaml lists what is");
            case 400 ->
                    new Rejection(
                            ProblemCode.BAD_REQUEST,
                            "The request cannot be read: "
                                    + http.getMessage()
                                    + "; correct it and send it again");
            default -> internal(http);
        };
    }

    private static Rejection internal(Throwable thrown) {
        LOG.error("a request failed", thrown);
        return new Rejection(
                ProblemCode.INTERNAL_ERROR,
                "The server failed; report the request id to the operator, whose log has the cause");
    }

    /** {@code rejection} as the document that tells of it. */
    public static Problem problem(Rejection rejection, String path, String requestId) {
        return new Problem(
                rejection.code().type(),
                rejection.code().title(),
                rejection.code().status().code(),
                rejection.detail(),
                printable(path),
                List.copyOf(rejection.faults()),
                requestId);
    }

    private static String printable(String path) {
        return new String(path.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII);
    }
}
