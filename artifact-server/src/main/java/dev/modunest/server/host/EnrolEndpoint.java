package dev.modunest.server.host;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.modunest.db.Actor;
import dev.modunest.db.AuditEntry;
import dev.modunest.db.Database;
import dev.modunest.db.Transaction;
import dev.modunest.db.identity.Enrolment;
import dev.modunest.db.identity.NewHost;
import dev.modunest.server.admission.Parties;
import dev.modunest.server.admission.RateLimits;
import dev.modunest.server.auth.ApiToken;
import dev.modunest.server.body.JsonBody;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.problem.RequestId;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** {@code POST /api/v1/hosts/enrol}: the code is the credential, and is used by its success. */
final class EnrolEndpoint {

    private final int maxBody;
    private final Database database;
    private final Supplier<URI> issuer;
    private final RateLimits limits;
    private final Parties parties;
    private final InstantSource clock;

    EnrolEndpoint(
            int maxBody,
            Database database,
            Supplier<URI> issuer,
            RateLimits limits,
            Parties parties,
            InstantSource clock) {
        this.maxBody = maxBody;
        this.database = database;
        this.issuer = issuer;
        this.limits = limits;
        this.parties = parties;
        this.clock = clock;
    }

    void post(ServerRequest request, ServerResponse response) {
        JsonBody body = JsonBody.read(request, maxBody, Set.of("code", "public_key", "name"));
        HostKey key = HostKey.read(body.object().path("public_key"));
        Optional<String> name = body.findLine("name", HostPolicy.MAX_NAME);
        Optional<ApiToken> code =
                ApiToken.tryParse(ApiToken.Kind.ENROLMENT, body.line("code", HostPolicy.MAX_NAME));
        String address = parties.addressText(request);
        Optional<UUID> host =
                code.flatMap(
                        sent -> database.inTransaction(tx -> enrol(tx, sent, key, name, address)));
        if (host.isEmpty()) {
            limits.countRefusedCredential(request);
            keepRefused(address);
            throw new Rejection(
                    ProblemCode.ENROLMENT_REFUSED,
                    "The code is not known, was used, or is expired; ask who administers the hosts for another one");
        }
        response.status(Status.CREATED_201);
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        Answers.send(
                request,
                response,
                "application/json",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("host", host.get().toString())
                        .put("issuer", issuer.get().toString())
                        .toString()
                        .getBytes(StandardCharsets.UTF_8));
    }

    private Optional<UUID> enrol(
            Transaction tx, ApiToken code, HostKey key, Optional<String> name, String address) {
        Instant now = clock.instant();
        return tx.hosts()
                .useEnrolment(code.sha256Hex(), now)
                .map(enrolment -> insert(tx, enrolment, key, name, address, now));
    }

    private static UUID insert(
            Transaction tx,
            Enrolment enrolment,
            HostKey key,
            Optional<String> name,
            String address,
            Instant now) {
        NewHost host =
                new NewHost(
                        UUID.randomUUID(),
                        name.orElse(enrolment.name()),
                        key.algorithm(),
                        key.key().getEncoded(),
                        key.thumbprint());
        if (!tx.hosts().insert(host, enrolment, now)) {
            throw new Rejection(
                    ProblemCode.HOST_KEY_TAKEN,
                    "A host with this key was enrolled before; make another key pair, the code still enrols it");
        }
        tx.accessChanged();
        tx.audit()
                .append(
                        new AuditEntry(
                                        now,
                                        Actor.host(host.id()),
                                        "host.enrolled",
                                        "host:" + host.id(),
                                        Optional.empty(),
                                        Optional.of(RequestId.current()),
                                        JsonNodeFactory.instance
                                                .objectNode()
                                                .put("enrolment", enrolment.id().toString())
                                                .put("name", host.name())
                                                .put("algorithm", key.algorithm())
                                                .put("thumbprint", key.thumbprint())
                                                .toString())
                                .withAddress(address));
        return host.id();
    }

    private void keepRefused(String address) {
        database.<Boolean>inTransaction(
                tx -> {
                    tx.audit()
                            .append(
                                    new AuditEntry(
                                                    clock.instant(),
                                                    Actor.NOBODY,
                                                    "host.enrolment-refused",
                                                    "enrolment",
                                                    Optional.empty(),
                                                    Optional.of(RequestId.current()),
                                                    "{}")
                                            .withAddress(address));
                    return true;
                });
    }
}
