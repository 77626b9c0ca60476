package dev.modunest.edge.admin;

import dev.modunest.format.http.Problem;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** One request to the administration and its answer, on the event loop of its connection. */
record AdminExchange(HttpServerRequest request, String requestId) {

    private static final int MAX_BODY = 16 << 10;

    AdminExchange(HttpServerRequest request) {
        this(request, UUID.randomUUID().toString());
    }

    HttpMethod method() {
        return request.method();
    }

    String path() {
        return Optional.ofNullable(request.path()).orElse("");
    }

    /** Reads a JSON object of at most 16 KiB; refuses anything else by itself. */
    void readJson(Consumer<JsonObject> then) {
        Buffer body = Buffer.buffer();
        request.handler(
                chunk -> {
                    if (body.length() + chunk.length() <= MAX_BODY) {
                        body.appendBuffer(chunk);
                    } else if (!request.response().ended()) {
                        request.response().putHeader("Connection", "close");
                        problem(
                                413,
                                "body-too-large",
                                "The body is too large",
                                "At most " + MAX_BODY + " bytes are read; send less.");
                    }
                });
        request.endHandler(
                _ -> {
                    if (!request.response().ended()) {
                        parse(body, then);
                    }
                });
    }

    private void parse(Buffer body, Consumer<JsonObject> then) {
        JsonObject json;
        try {
            json = new JsonObject(body);
        } catch (DecodeException malformed) {
            badRequest("The body is no JSON object.");
            return;
        }
        then.accept(json);
    }

    void json(int status, JsonObject body) {
        end(status, "application/json", body.toBuffer());
    }

    void noContent() {
        response(204).end();
    }

    void badRequest(String detail) {
        problem(400, "bad-request", "The request cannot be understood", detail);
    }

    void methodNotAllowed(String allowed) {
        request.response().putHeader("Allow", allowed);
        problem(
                405,
                "method-not-allowed",
                "The resource does not take this method",
                method() + " is not allowed here; use " + allowed + ".");
    }

    void problem(int status, String code, String title, String detail) {
        Problem problem =
                new Problem(
                        Problem.TYPE_PREFIX + code,
                        title,
                        status,
                        detail,
                        path(),
                        List.of(),
                        requestId);
        end(status, Problem.MEDIA_TYPE, Buffer.buffer(problem.toJson()));
    }

    private void end(int status, String type, Buffer body) {
        response(status).putHeader("Content-Type", type).end(body);
    }

    private HttpServerResponse response(int status) {
        return request.response()
                .setStatusCode(status)
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Request-Id", requestId);
    }
}
