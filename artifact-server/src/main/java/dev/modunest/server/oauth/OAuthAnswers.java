package dev.modunest.server.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Actor;
import dev.modunest.db.AuditEntry;
import dev.modunest.db.Database;
import dev.modunest.server.admission.Parties;
import dev.modunest.server.admission.RateLimits;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.problem.RequestId;
import dev.modunest.server.token.OAuthException;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers of OAuth endpoints, never stored (RFC 6749, 5.1 and 5.2). Credentials that are refused
 * count against their sender, and are kept in the audit as long as there are not too many of them.
 */
final class OAuthAnswers {

    private final RateLimits limits;
    private final Parties parties;
    private final Database database;
    private final InstantSource clock;

    OAuthAnswers(RateLimits limits, Parties parties, Database database, InstantSource clock) {
        this.limits = limits;
        this.parties = parties;
        this.database = database;
        this.clock = clock;
    }

    /** Sends what {@code answer} has, or the refusal that it throws. */
    void send(ServerRequest request, ServerResponse response, Supplier<JsonNode> answer) {
        try {
            send(request, response, 200, answer.get());
        } catch (OAuthException refused) {
            refuse(request, response, refused);
        }
    }

    private void refuse(ServerRequest request, ServerResponse response, OAuthException refused) {
        if (refused.subject().isPresent()) {
            try {
                limits.countRefusedCredential(request);
            } catch (Rejection tooMany) {
                tooMany.headers()
                        .forEach((name, value) -> response.header(HeaderNames.create(name), value));
                send(
                        request,
                        response,
                        tooMany.code().status().code(),
                        error("slow_down", tooMany.detail()));
                return;
            }
            keep(request, refused, refused.subject().get());
        }
        if (refused.status() == 401) {
            response.header(
                    HeaderNames.WWW_AUTHENTICATE,
                    "Bearer realm=\"modunest\", error=\"" + refused.error() + "\"");
        }
        send(request, response, refused.status(), error(refused.error(), refused.description()));
    }

    private void keep(ServerRequest request, OAuthException refused, String subject) {
        AuditEntry entry =
                new AuditEntry(
                                clock.instant(),
                                Actor.NOBODY,
                                "token.refused",
                                subject,
                                Optional.of(refused.description()),
                                Optional.of(RequestId.current()),
                                error(refused.error(), "").without("error_description").toString())
                        .withAddress(parties.addressText(request));
        database.<Boolean>inTransaction(
                tx -> {
                    tx.audit().append(entry);
                    return true;
                });
    }

    private static ObjectNode error(String error, String description) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("error", error)
                .put("error_description", description);
    }

    private static void send(
            ServerRequest request, ServerResponse response, int status, JsonNode document) {
        response.status(Status.create(status));
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        response.header(HeaderNames.PRAGMA, "no-cache");
        if (!request.content().consumed()) {
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
        Answers.send(
                request,
                response,
                "application/json",
                document.toString().getBytes(StandardCharsets.UTF_8));
    }
}
