package dev.modunest.server.account;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.AuditEntry;
import dev.modunest.db.Database;
import dev.modunest.db.identity.MembershipFacts;
import dev.modunest.db.identity.SessionFacts;
import dev.modunest.db.identity.SubjectFacts;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.auth.Principal;
import dev.modunest.server.auth.Scope;
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

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** {@code /api/v1/account} and its sessions: who the caller is, and where it is signed in. */
public final class AccountEndpoint {

    /** Bytes of the body of a request about accounts. */
    static final int MAX_BODY = 64 << 10;

    private static final int MAX_SESSIONS = 200;

    private final Database database;
    private final Mutations mutations;
    private final InstantSource clock;

    public AccountEndpoint(Database database, Mutations mutations, InstantSource clock) {
        this.database = database;
        this.mutations = mutations;
        this.clock = clock;
    }

    /** {@code GET /api/v1/account}. */
    public void get(ServerRequest request, ServerResponse response) {
        Principal.Developer caller = Caller.developer(request);
        SubjectFacts facts =
                database.read(tx -> tx.access().ofAccount(caller.account().id(), clock.instant()));
        ObjectNode document =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("account", caller.account().name())
                        .put("administrator", caller.account().administrator());
        ArrayNode scopes = document.putArray("scopes");
        caller.scopes().stream().map(Scope::toString).forEach(scopes::add);
        caller.session().ifPresent(id -> document.put("session", id.toString()));
        caller.authenticatedAt().ifPresent(at -> document.put("authenticated_at", at.toString()));
        ObjectNode organizations = document.putObject("organizations");
        for (MembershipFacts member : facts.memberships()) {
            organizations.put(member.organization(), member.role());
        }
        send(request, response, document);
    }

    /** {@code GET /api/v1/account/sessions}. */
    public void sessions(ServerRequest request, ServerResponse response) {
        Principal.Developer caller = Caller.developer(request);
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode sessions = document.putArray("sessions");
        database.read(
                        tx ->
                                tx.sessions()
                                        .list(caller.account().id(), clock.instant(), MAX_SESSIONS))
                .forEach(session -> sessions.add(document(session, caller)));
        send(request, response, document);
    }

    private static ObjectNode document(SessionFacts session, Principal.Developer caller) {
        ObjectNode document =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("id", session.id().toString())
                        .put("kind", session.kind())
                        .put("client", session.client())
                        .put("method", session.method())
                        .put("authenticated_at", session.authenticatedAt().toString())
                        .put("last_seen_at", session.lastSeenAt().toString())
                        .put("expires_at", session.expiresAt().toString())
                        .put("current", caller.session().filter(session.id()::equals).isPresent());
        session.address().ifPresent(address -> document.put("address", address));
        return document;
    }

    /** {@code DELETE /api/v1/account/sessions/{session}}. */
    public void endSession(ServerRequest request, ServerResponse response) {
        Principal.Developer caller = Caller.developer(request);
        UUID id = id(request);
        mutations
                .run(
                        Mutation.of(request, caller.account(), ""),
                        tx -> {
                            boolean open =
                                    tx.sessions()
                                                    .find(id)
                                                    .filter(
                                                            session ->
                                                                    session.accountId()
                                                                            == caller.account()
                                                                                    .id())
                                                    .isPresent()
                                            && tx.sessions()
                                                    .revoke(
                                                            id,
                                                            "ended by its account",
                                                            clock.instant());
                            if (!open) {
                                throw unknown(id.toString());
                            }
                            tx.accessChanged();
                            tx.audit()
                                    .append(
                                            new AuditEntry(
                                                    clock.instant(),
                                                    caller.account(),
                                                    "session.revoked",
                                                    id.toString(),
                                                    Optional.empty(),
                                                    Optional.of(RequestId.current())));
                            return new Answer(200, Map.of(), "{\"revoked\":true}");
                        })
                .send(request, response);
    }

    private static UUID id(ServerRequest request) {
        String text = request.path().pathParameters().get("session");
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException malformed) {
            throw unknown(text);
        }
    }

    private static Rejection unknown(String id) {
        return new Rejection(
                ProblemCode.SESSION_UNKNOWN,
                "This account has no open session "
                        + id
                        + "; GET /api/v1/account/sessions lists those it has");
    }

    static void send(ServerRequest request, ServerResponse response, ObjectNode document) {
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        Answers.send(
                request,
                response,
                "application/json",
                document.toString().getBytes(StandardCharsets.UTF_8));
    }
}
