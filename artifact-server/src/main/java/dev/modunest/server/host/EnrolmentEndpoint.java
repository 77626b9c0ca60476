package dev.modunest.server.host;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Account;
import dev.modunest.db.AuditEntry;
import dev.modunest.db.Database;
import dev.modunest.db.Transaction;
import dev.modunest.db.identity.Enrolment;
import dev.modunest.server.auth.ApiToken;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.body.JsonBody;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.problem.RequestId;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * One-time codes for hosts to be. A code is shown once, so the request that makes it has no
 * Idempotency-Key: a kept answer would keep the code.
 */
final class EnrolmentEndpoint {

    private static final Duration LONGEST = Duration.ofHours(24);
    private static final Duration USUAL = Duration.ofHours(1);
    private static final long LEAST_SECONDS = 60;
    private static final int MOST = 100;

    private final int maxBody;
    private final Database database;
    private final HostRights rights;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    EnrolmentEndpoint(int maxBody, Database database, HostRights rights, InstantSource clock) {
        this.maxBody = maxBody;
        this.database = database;
        this.rights = rights;
        this.clock = clock;
    }

    /** {@code POST /api/v1/enrolments}. */
    void post(ServerRequest request, ServerResponse response) {
        Account account = Caller.account(request);
        JsonBody body =
                JsonBody.read(
                        request, maxBody, Set.of("name", "patterns", "organization", "expires_in"));
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Enrolment enrolment =
                new Enrolment(
                        UUID.randomUUID(),
                        body.line("name", HostPolicy.MAX_NAME),
                        body.findLine("organization", HostPolicy.MAX_NAME),
                        HostPolicy.patterns(body),
                        account.id(),
                        now,
                        now.plusSeconds(
                                body.findNumber("expires_in", LEAST_SECONDS, LONGEST.toSeconds())
                                        .orElse(USUAL.toSeconds())));
        rights.require(request, enrolment.organization());
        ApiToken code = ApiToken.create(ApiToken.Kind.ENROLMENT, random);
        database.<Boolean>inTransaction(
                tx -> {
                    if (!tx.hosts().insertEnrolment(enrolment, code.sha256Hex())) {
                        throw HostRights.unknownOrganization(
                                enrolment.organization().orElseThrow());
                    }
                    keep(tx, account, "enrolment.created", enrolment);
                    return true;
                });
        response.status(Status.CREATED_201);
        send(request, response, document(enrolment).put("code", code.text()));
    }

    /** {@code GET /api/v1/enrolments?organization=}: those that still enrol. */
    void list(ServerRequest request, ServerResponse response) {
        ObjectNode page = JsonNodeFactory.instance.objectNode();
        ArrayNode enrolments = page.putArray("enrolments");
        database.read(
                        tx ->
                                tx.hosts()
                                        .listEnrolments(
                                                HostRights.organization(request),
                                                clock.instant(),
                                                MOST))
                .forEach(enrolment -> enrolments.add(document(enrolment)));
        send(request, response, page);
    }

    /** {@code DELETE /api/v1/enrolments/{enrolment}}. */
    void delete(ServerRequest request, ServerResponse response) {
        Account account = Caller.account(request);
        UUID id = HostRights.id(request, "enrolment", EnrolmentEndpoint::unknown);
        Enrolment enrolment =
                database.read(tx -> tx.hosts().findEnrolment(id))
                        .orElseThrow(EnrolmentEndpoint::unknown);
        rights.require(request, enrolment.organization(), EnrolmentEndpoint::unknown);
        database.<Boolean>inTransaction(
                tx -> {
                    if (!tx.hosts().deleteEnrolment(id)) {
                        throw unknown();
                    }
                    keep(tx, account, "enrolment.deleted", enrolment);
                    return true;
                });
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        response.status(Status.NO_CONTENT_204).send();
    }

    private static Rejection unknown() {
        return new Rejection(
                ProblemCode.ENROLMENT_UNKNOWN,
                "There is no such enrolment, or its code was used; GET /api/v1/enrolments lists those there are");
    }

    private void keep(Transaction tx, Account account, String action, Enrolment enrolment) {
        tx.audit()
                .append(
                        new AuditEntry(
                                clock.instant(),
                                account,
                                action,
                                "enrolment:" + enrolment.id(),
                                Optional.empty(),
                                Optional.of(RequestId.current()),
                                document(enrolment).toString()));
    }

    private static ObjectNode document(Enrolment enrolment) {
        ObjectNode document =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("enrolment", enrolment.id().toString())
                        .put("name", enrolment.name());
        enrolment.organization().ifPresent(name -> document.put("organization", name));
        ArrayNode patterns = document.putArray("patterns");
        enrolment.patterns().forEach(patterns::add);
        return document.put("created_at", enrolment.createdAt().toString())
                .put("expires_at", enrolment.expiresAt().toString());
    }

    private static void send(ServerRequest request, ServerResponse response, ObjectNode document) {
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        Answers.send(
                request,
                response,
                "application/json",
                document.toString().getBytes(StandardCharsets.UTF_8));
    }
}
