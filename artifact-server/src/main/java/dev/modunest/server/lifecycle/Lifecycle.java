package dev.modunest.server.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.modunest.db.Account;
import dev.modunest.db.AuditEntry;
import dev.modunest.db.Database;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.connection.BodyStream;
import dev.modunest.server.idempotency.Answer;
import dev.modunest.server.idempotency.Mutation;
import dev.modunest.server.idempotency.Mutations;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.PathCoordinates;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.problem.RequestId;
import dev.modunest.server.serial.SerialLog;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Changes of releases and namespaces that are there. */
public final class Lifecycle {

    private final int maxBody;
    private final Database database;
    private final Mutations mutations;
    private final LifecycleService service;
    private final InstantSource clock;

    public Lifecycle(
            ChangeConfig change,
            DeleteConfig delete,
            Database database,
            PluginAuthService auth,
            Mutations mutations,
            SerialLog serials,
            InstantSource clock) {
        this.maxBody = (int) change.maxBody().bytes();
        this.database = database;
        this.mutations = mutations;
        this.service = new LifecycleService(auth, delete, mutations, serials, clock);
        this.clock = clock;
    }

    /** {@code PATCH /api/v1/plugins/{namespace}/{name}/{version}}. */
    public void patch(ServerRequest request, ServerResponse response) {
        Coordinate coordinate = PathCoordinates.coordinate(request);
        Account account = Caller.account(request);
        byte[] body = body(request);
        service.patch(
                        Caller.of(request),
                        Mutation.of(request, account, Digest.ofBytes(body).toString()),
                        coordinate,
                        ReleasePatch.read(body))
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

    /** {@code GET /api/v1/namespaces/{namespace}}. */
    public void namespace(ServerRequest request, ServerResponse response) {
        String name = PathCoordinates.namespace(request);
        boolean verified =
                database.read(tx -> tx.namespaces().find(name))
                        .orElseThrow(() -> PathCoordinates.unknownNamespace(request))
                        .verified();
        response.header(HeaderNames.CACHE_CONTROL, "public, max-age=5");
        Answers.send(
                request,
                response,
                "application/json",
                document(name, verified).getBytes(StandardCharsets.UTF_8));
    }

    /** {@code PATCH /api/v1/namespaces/{namespace}}. */
    public void verify(ServerRequest request, ServerResponse response) {
        String name = PathCoordinates.namespace(request);
        Account account = Caller.account(request);
        byte[] body = body(request);
        boolean verified = verified(body);
        mutations
                .run(
                        Mutation.of(request, account, Digest.ofBytes(body).toString()),
                        tx -> {
                            if (!tx.namespaces().setVerified(name, verified)) {
                                throw PathCoordinates.unknownNamespace(request);
                            }
                            tx.audit()
                                    .append(
                                            new AuditEntry(
                                                    clock.instant(),
                                                    account,
                                                    verified
                                                            ? "namespace.verified"
                                                            : "namespace.unverified",
                                                    name,
                                                    Optional.empty(),
                                                    Optional.of(RequestId.current())));
                            return new Answer(200, Map.of(), document(name, verified));
                        })
                .send(request, response);
    }

    private static boolean verified(byte[] body) {
        JsonNode patch = ReleasePatch.object(body);
        ReleasePatch.requireFields(patch, "the body", Set.of("verified"));
        if (!patch.path("verified").isBoolean()) {
            throw new Rejection(
                    ProblemCode.CHANGE_INVALID,
                    "The body is {\"verified\": true} or {\"verified\": false}; send one of those");
        }
        return patch.get("verified").asBoolean();
    }

    private static String document(String namespace, boolean verified) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("namespace", namespace)
                .put("verified", verified)
                .toString();
    }

    private byte[] body(ServerRequest request) {
        if (request.headers().contentLength().orElse(0) > maxBody) {
            throw tooLarge();
        }
        try (BodyStream in = new BodyStream(request)) {
            byte[] body = in.readNBytes(maxBody + 1);
            if (body.length > maxBody) {
                throw tooLarge();
            }
            return body;
        } catch (IOException impossible) {
            throw new UncheckedIOException("a body stream throws none", impossible);
        }
    }

    private Rejection tooLarge() {
        return new Rejection(
                ProblemCode.BODY_TOO_LARGE,
                "The body has more than the "
                        + maxBody
                        + " bytes that a change may have; shorten the reason");
    }
}
