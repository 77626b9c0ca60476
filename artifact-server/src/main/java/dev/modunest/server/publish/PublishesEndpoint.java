package dev.modunest.server.publish;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Account;
import dev.modunest.db.Database;
import dev.modunest.db.PublishRecord;
import dev.modunest.server.admission.Party;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** {@code GET /api/v1/publishes/{id}}, also as a stream, and {@code GET /api/v1/publishes}. */
final class PublishesEndpoint {

    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 100;
    private static final int RETRY_SECONDS = 1;

    private final PublishQueue queue;
    private final Database database;
    private final PublishStreams streams;

    PublishesEndpoint(PublishQueue queue, Database database, PublishStreams streams) {
        this.queue = queue;
        this.database = database;
        this.streams = streams;
    }

    void get(ServerRequest request, ServerResponse response) {
        Account account = Caller.account(request);
        PublishRecord publish = find(id(request), account);
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        response.header(HeaderNames.VARY, "Accept, Authorization");
        boolean stream =
                request.headers()
                        .first(HeaderNames.ACCEPT)
                        .filter(accept -> accept.contains(PublishStreams.MEDIA_TYPE))
                        .isPresent();
        if (stream && request.prologue().method().equals(Method.GET)) {
            streams.follow(Party.of(account), () -> find(publish.id(), account), response);
            return;
        }
        if (!publish.state().isOver()) {
            response.header(HeaderNames.RETRY_AFTER, Integer.toString(RETRY_SECONDS));
        }
        send(request, response, PublishDocument.of(publish));
    }

    private static UUID id(ServerRequest request) {
        String text = request.path().pathParameters().get("id");
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException malformed) {
            throw unknown(text);
        }
    }

    /** Whose publish it is not is told the same as where there is none. */
    private PublishRecord find(UUID id, Account account) {
        return queue.find(id)
                .or(() -> database.read(tx -> tx.publishes().find(id)))
                .filter(
                        publish ->
                                account.administrator() || publish.account().id() == account.id())
                .orElseThrow(() -> unknown(id.toString()));
    }

    private static Rejection unknown(String id) {
        return new Rejection(
                ProblemCode.PUBLISH_UNKNOWN,
                "This account has no publish "
                        + id
                        + "; GET /api/v1/publishes lists those it has, and those that are long over are forgotten");
    }

    void list(ServerRequest request, ServerResponse response) {
        Account account = Caller.account(request);
        int limit =
                request.query()
                        .first("limit")
                        .asOptional()
                        .map(PublishesEndpoint::limit)
                        .orElse(DEFAULT_LIMIT);
        Optional<PublishRecord> after =
                request.query().first("cursor").asOptional().map(text -> cursor(text, account));
        // One more than the page holds tells whether there is a next.
        List<PublishRecord> found =
                database.read(tx -> tx.publishes().list(account.id(), limit + 1, after));
        ObjectNode page = JsonNodeFactory.instance.objectNode();
        ArrayNode publishes = page.putArray("publishes");
        found.stream()
                .limit(limit)
                .map(publish -> queue.find(publish.id()).orElse(publish))
                .map(PublishDocument::of)
                .forEach(publishes::add);
        if (found.size() > limit) {
            page.put(
                    "next",
                    PublishDocument.PATH
                            + "?limit="
                            + limit
                            + "&cursor="
                            + found.get(limit - 1).id());
        }
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        send(request, response, page);
    }

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MAX_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException notANumber) {
            throw invalid("limit is 1 to " + MAX_LIMIT + ", not '" + text + "'");
        }
        throw invalid("limit is 1 to " + MAX_LIMIT + ", not '" + text + "'");
    }

    private PublishRecord cursor(String text, Account account) {
        try {
            UUID id = UUID.fromString(text);
            return database.read(tx -> tx.publishes().find(id))
                    .filter(publish -> publish.account().id() == account.id())
                    .orElseThrow(
                            () -> invalid("the publish of this cursor is forgotten; begin anew"));
        } catch (IllegalArgumentException malformed) {
            throw invalid("cursor is not one of ours; take it from the next link of a page");
        }
    }

    private static Rejection invalid(String detail) {
        return new Rejection(ProblemCode.PARAMETER_INVALID, detail);
    }

    private static void send(ServerRequest request, ServerResponse response, ObjectNode document) {
        Answers.send(
                request,
                response,
                "application/json",
                document.toString().getBytes(StandardCharsets.UTF_8));
    }
}
