package dev.modunest.server.resolve;

import dev.modunest.db.Database;
import dev.modunest.format.http.Problem;
import dev.modunest.format.resolve.Plan;
import dev.modunest.format.resolve.Resolution;
import dev.modunest.format.resolve.ResolveJson;
import dev.modunest.format.resolve.ResolveRequest;
import dev.modunest.format.resolve.Resolver;
import dev.modunest.server.connection.BodyStream;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** {@code POST /api/v1/resolve}. */
public final class ResolveEndpoint {

    private final int maxBytes;
    private final Database database;

    public ResolveEndpoint(ResolveConfig config, Database database) {
        this.maxBytes = (int) config.maxBody().bytes();
        this.database = database;
    }

    public void post(ServerRequest request, ServerResponse response) {
        ResolveRequest wanted = read(request);
        Resolution resolution =
                Resolver.resolve(
                        wanted,
                        plugins -> database.read(tx -> tx.releases().indexEntries(plugins)));
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        Answers.send(
                request,
                response,
                "application/json",
                ResolveJson.plan(plan(resolution)).getBytes(StandardCharsets.UTF_8));
    }

    private ResolveRequest read(ServerRequest request) {
        try {
            return ResolveJson.readRequest(body(request));
        } catch (IllegalArgumentException malformed) {
            throw new Rejection(
                    ProblemCode.RESOLVE_REQUEST_INVALID,
                    malformed.getMessage() + "; /openapi.yaml has the form of the request");
        }
    }

    private String body(ServerRequest request) {
        long announced = request.headers().contentLength().orElse(0);
        if (announced > maxBytes) {
            throw tooLarge(announced + " bytes");
        }
        try (BodyStream in = new BodyStream(request)) {
            byte[] body = in.readNBytes(maxBytes + 1);
            if (body.length > maxBytes) {
                throw tooLarge("more than " + maxBytes + " bytes");
            }
            return new String(body, StandardCharsets.UTF_8);
        } catch (IOException impossible) {
            throw new UncheckedIOException("a body stream throws none", impossible);
        }
    }

    private Rejection tooLarge(String actual) {
        return new Rejection(
                ProblemCode.BODY_TOO_LARGE,
                "The body has "
                        + actual
                        + " and the limit for a resolve request is "
                        + maxBytes
                        + "; ask for fewer plugins at a time");
    }

    private static Plan plan(Resolution resolution) {
        return switch (resolution) {
            case Resolution.Resolved resolved -> resolved.plan();
            case Resolution.Conflict conflict ->
                    throw new Rejection(
                            ProblemCode.RESOLUTION_CONFLICT,
                            "No set of releases satisfies all ranges; errors lists why and what to do",
                            conflict.reasons().stream()
                                    .map(
                                            reason ->
                                                    new Problem.Fault(
                                                            reason.code(),
                                                            "",
                                                            reason.detail(),
                                                            reason.fix()))
                                    .toList());
        };
    }
}
