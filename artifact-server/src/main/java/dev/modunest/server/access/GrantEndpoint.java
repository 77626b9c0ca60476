package dev.modunest.server.access;

import dev.modunest.db.Database;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.body.ChangeConfig;
import dev.modunest.server.body.JsonBody;
import dev.modunest.server.idempotency.Mutation;
import dev.modunest.server.idempotency.Mutations;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.PathCoordinates;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/** {@code /api/v1/namespaces/{namespace}/grants}. */
public final class GrantEndpoint {

    private final ChangeConfig bounds;
    private final Database database;
    private final Grants grants;
    private final InstantSource clock;

    public GrantEndpoint(
            ChangeConfig bounds,
            GrantsConfig config,
            Database database,
            PluginAuthService auth,
            Mutations mutations,
            InstantSource clock) {
        this.bounds = bounds;
        this.database = database;
        this.grants = new Grants(config, auth, mutations, clock);
        this.clock = clock;
    }

    public void list(ServerRequest request, ServerResponse response) {
        String namespace = PathCoordinates.namespace(request);
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        Answers.send(
                request,
                response,
                "application/json",
                Grants.list(database.read(tx -> tx.grants().list(namespace, clock.instant())))
                        .toString()
                        .getBytes(StandardCharsets.UTF_8));
    }

    public void post(ServerRequest request, ServerResponse response) {
        JsonBody body = JsonBody.read(request, bounds.maxBody(), GrantRequest.FIELDS);
        grants.grant(
                        Caller.developer(request),
                        Mutation.of(request, Caller.account(request), body.digest()),
                        GrantRequest.read(PathCoordinates.namespace(request), body))
                .send(request, response);
    }

    /** {@code DELETE /api/v1/namespaces/{namespace}/grants/{grant}}. */
    public void delete(ServerRequest request, ServerResponse response) {
        grants.takeBack(
                        Caller.developer(request),
                        Mutation.of(request, Caller.account(request), ""),
                        PathCoordinates.namespace(request),
                        id(request.path().pathParameters().get("grant")))
                .send(request, response);
    }

    private static long id(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException malformed) {
            throw new Rejection(
                    ProblemCode.PARAMETER_INVALID,
                    "'" + text + "' is no number of a grant; take it from the list of grants");
        }
    }
}
