package dev.modunest.server.lifecycle;

import dev.modunest.db.Account;
import dev.modunest.format.Coordinate;
import dev.modunest.server.attest.RegistryLog;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.body.ChangeConfig;
import dev.modunest.server.body.JsonBody;
import dev.modunest.server.idempotency.Mutation;
import dev.modunest.server.idempotency.Mutations;
import dev.modunest.server.problem.PathCoordinates;
import dev.modunest.server.serial.SerialLog;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.time.InstantSource;

/** Changes of releases that are there. */
public final class Lifecycle {

    private final ChangeConfig bounds;
    private final LifecycleService service;

    public Lifecycle(
            ChangeConfig bounds,
            DeleteConfig delete,
            PluginAuthService auth,
            Mutations mutations,
            SerialLog serials,
            RegistryLog log,
            InstantSource clock) {
        this.bounds = bounds;
        this.service = new LifecycleService(auth, delete, mutations, serials, log, clock);
    }

    /** {@code PATCH /api/v1/plugins/{namespace}/{name}/{version}}. */
    public void patch(ServerRequest request, ServerResponse response) {
        Coordinate coordinate = PathCoordinates.coordinate(request);
        Account account = Caller.account(request);
        JsonBody body = JsonBody.read(request, bounds.maxBody(), ReleasePatch.FIELDS);
        service.patch(
                        Caller.of(request),
                        Mutation.of(request, account, body.digest()),
                        coordinate,
                        ReleasePatch.read(body.object()))
                .send(request, response);
    }

    /** {@code DELETE /api/v1/plugins/{namespace}/{name}/{version}?reason=}. */
    public void delete(ServerRequest request, ServerResponse response) {
        Coordinate coordinate = PathCoordinates.coordinate(request);
        Account account = Caller.account(request);
        String reason =
                ReleasePatch.reason(request.query().first("reason").asOptional().orElse(""));
        service.delete(Mutation.of(request, account, ""), coordinate, reason)
                .send(request, response);
    }
}
