package dev.modunest.server.host;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Account;
import dev.modunest.db.AuditEntry;
import dev.modunest.db.Database;
import dev.modunest.db.Transaction;
import dev.modunest.db.identity.HostRecord;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.body.JsonBody;
import dev.modunest.server.idempotency.Answer;
import dev.modunest.server.idempotency.Mutation;
import dev.modunest.server.idempotency.Mutations;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.problem.RequestId;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Hosts as they are administered: read, changed and revoked. */
final class HostEndpoint {

    private static final int PAGE = 100;
    private static final int MAX_REASON = 500;

    private final int maxBody;
    private final Database database;
    private final Mutations mutations;
    private final HostRights rights;
    private final InstantSource clock;

    HostEndpoint(
            int maxBody,
            Database database,
            Mutations mutations,
            HostRights rights,
            InstantSource clock) {
        this.maxBody = maxBody;
        this.database = database;
        this.mutations = mutations;
        this.rights = rights;
        this.clock = clock;
    }

    /** {@code GET /api/v1/hosts?organization=&cursor=}. */
    void list(ServerRequest request, ServerResponse response) {
        Optional<String> organization = HostRights.organization(request);
        Optional<UUID> after =
                request.query().first("cursor").asOptional().map(HostEndpoint::cursor);
        List<HostRecord> found =
                database.read(tx -> tx.hosts().list(organization, after, PAGE + 1));
        ObjectNode page = JsonNodeFactory.instance.objectNode();
        ArrayNode hosts = page.putArray("hosts");
        found.stream().limit(PAGE).forEach(host -> hosts.add(document(host)));
        if (found.size() > PAGE) {
            page.put(
                    "next",
                    "/api/v1/hosts?cursor="
                            + found.get(PAGE - 1).id()
                            + organization
                                    .map(
                                            name ->
                                                    "&organization="
                                                            + URLEncoder.encode(
                                                                    name, StandardCharsets.UTF_8))
                                    .orElse(""));
        }
        send(request, response, page);
    }

    private static UUID cursor(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException malformed) {
            throw new Rejection(
                    ProblemCode.PARAMETER_INVALID, "cursor is none of here; take it from next");
        }
    }

    /** {@code GET /api/v1/hosts/{host}}. */
    void get(ServerRequest request, ServerResponse response) {
        send(request, response, document(required(request)));
    }

    /** {@code PATCH /api/v1/hosts/{host}}: name and patterns, as a merge patch (RFC 7396). */
    void patch(ServerRequest request, ServerResponse response) {
        HostRecord host = required(request);
        Account account = Caller.account(request);
        JsonBody body = JsonBody.read(request, maxBody, Set.of("name", "patterns"));
        if (body.object().isEmpty()) {
            throw JsonBody.invalid("The body has neither name nor patterns");
        }
        String name =
                body.object().has("name") ? body.line("name", HostPolicy.MAX_NAME) : host.name();
        List<String> patterns =
                body.object().has("patterns") ? HostPolicy.patterns(body) : host.patterns();
        mutations
                .run(
                        Mutation.of(request, account, body.digest()),
                        tx -> {
                            if (!tx.hosts().update(host.id(), name, patterns)) {
                                throw revokedBefore(host);
                            }
                            tx.accessChanged();
                            HostRecord changed = tx.hosts().find(host.id()).orElseThrow();
                            keep(
                                    tx,
                                    account,
                                    "host.changed",
                                    host,
                                    Optional.empty(),
                                    policy(host, changed));
                            return new Answer(200, Map.of(), document(changed).toString());
                        })
                .send(request, response);
    }

    /** {@code DELETE /api/v1/hosts/{host}?reason=}. */
    void delete(ServerRequest request, ServerResponse response) {
        HostRecord host = required(request);
        Account account = Caller.account(request);
        String reason = reason(request.query().first("reason").asOptional().orElse(""));
        mutations
                .run(
                        Mutation.of(request, account, ""),
                        tx -> {
                            if (!tx.hosts().revoke(host.id(), reason, clock.instant())) {
                                throw revokedBefore(host);
                            }
                            tx.accessChanged();
                            keep(
                                    tx,
                                    account,
                                    "host.revoked",
                                    host,
                                    Optional.of(reason),
                                    JsonNodeFactory.instance.objectNode());
                            return new Answer(
                                    200,
                                    Map.of(),
                                    document(tx.hosts().find(host.id()).orElseThrow()).toString());
                        })
                .send(request, response);
    }

    private static String reason(String text) {
        String reason = text.strip();
        if (reason.isEmpty()
                || reason.length() > MAX_REASON
                || reason.chars().anyMatch(Character::isISOControl)) {
            throw new Rejection(
                    ProblemCode.PARAMETER_INVALID,
                    "reason has "
                            + reason.length()
                            + " characters; it is one line of 1 to "
                            + MAX_REASON
                            + ", for the audit");
        }
        return reason;
    }

    private HostRecord required(ServerRequest request) {
        UUID id = HostRights.id(request, "host", HostEndpoint::unknown);
        HostRecord host =
                database.read(tx -> tx.hosts().find(id)).orElseThrow(HostEndpoint::unknown);
        rights.require(request, host.organization(), HostEndpoint::unknown);
        return host;
    }

    private static Rejection unknown() {
        return new Rejection(
                ProblemCode.HOST_UNKNOWN,
                "There is no such host that you administer; GET /api/v1/hosts lists those there are");
    }

    private static Rejection revokedBefore(HostRecord host) {
        return new Rejection(
                ProblemCode.HOST_UNKNOWN,
                "The host " + host.id() + " is revoked; enrol it anew under another key");
    }

    private void keep(
            Transaction tx,
            Account account,
            String action,
            HostRecord host,
            Optional<String> reason,
            ObjectNode detail) {
        tx.audit()
                .append(
                        new AuditEntry(
                                clock.instant(),
                                account,
                                action,
                                "host:" + host.id(),
                                reason,
                                Optional.of(RequestId.current()),
                                detail.toString()));
    }

    private static ObjectNode policy(HostRecord before, HostRecord after) {
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        detail.set("before", policy(before));
        detail.set("after", policy(after));
        return detail;
    }

    private static ObjectNode policy(HostRecord host) {
        ObjectNode policy = JsonNodeFactory.instance.objectNode().put("name", host.name());
        ArrayNode patterns = policy.putArray("patterns");
        host.patterns().forEach(patterns::add);
        return policy;
    }

    private static ObjectNode document(HostRecord host) {
        ObjectNode document =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("host", host.id().toString())
                        .put("name", host.name());
        host.organization().ifPresent(name -> document.put("organization", name));
        ArrayNode patterns = document.putArray("patterns");
        host.patterns().forEach(patterns::add);
        document.put("algorithm", host.algorithm())
                .put("thumbprint", host.thumbprint())
                .put("enrolled_by", host.enrolledBy())
                .put("enrolled_at", host.enrolledAt().toString());
        host.lastSeenAt().ifPresent(at -> document.put("last_seen_at", at.toString()));
        host.revokedAt().ifPresent(at -> document.put("revoked_at", at.toString()));
        host.revokedReason().ifPresent(reason -> document.put("revoked_reason", reason));
        return document;
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
