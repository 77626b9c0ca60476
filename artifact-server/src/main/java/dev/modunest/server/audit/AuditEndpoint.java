package dev.modunest.server.audit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Account;
import dev.modunest.db.Actor;
import dev.modunest.db.AuditExport;
import dev.modunest.db.AuditStore;
import dev.modunest.db.Database;
import dev.modunest.db.DatabaseException;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.RequestId;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Who did what, for administrators: searched page by page, and exported as it is chained. */
public final class AuditEndpoint {

    private static final String JSON_LINES = "application/jsonl";

    private final Database database;
    private final InstantSource clock;

    public AuditEndpoint(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** {@code GET /api/v1/audit}: the newest entries first. */
    public void get(ServerRequest request, ServerResponse response) {
        AuditParameters parameters = new AuditParameters(request);
        int limit = parameters.limit();
        AuditStore.Filter filter = parameters.filter();
        Optional<Long> before = parameters.cursor();
        List<AuditStore.Kept> found =
                database.read(tx -> tx.audit().list(filter, before, limit + 1));
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        Answers.send(
                request,
                response,
                "application/json",
                page(found, parameters, limit).toString().getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode page(
            List<AuditStore.Kept> found, AuditParameters parameters, int limit) {
        ObjectNode page = JsonNodeFactory.instance.objectNode();
        ArrayNode entries = page.putArray("entries");
        found.stream().limit(limit).forEach(entry -> entries.add(entry.toJson()));
        if (found.size() > limit) {
            page.put("next", parameters.next(limit, found.get(limit - 1).id()));
        }
        return page;
    }

    /**
     * {@code GET /api/v1/audit/export}: a line for each entry of a time in the order of the chain.
     * A failure after the first byte cuts the connection.
     */
    public void export(ServerRequest request, ServerResponse response) {
        Account account = Caller.account(request);
        AuditParameters parameters = new AuditParameters(request);
        AuditExport.Period period =
                new AuditExport.Period(parameters.time("since"), parameters.time("until"));
        response.header(HeaderNames.CONTENT_TYPE, JSON_LINES);
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        if (request.prologue().method().equals(Method.HEAD)) {
            response.send();
            return;
        }
        AuditExport export =
                AuditExport.begin(
                        database,
                        period,
                        Actor.of(account),
                        Optional.of(RequestId.current()),
                        clock.instant());
        OutputStream out = response.outputStream();
        try {
            export.writeTo(out, _ -> {});
            out.close();
        } catch (IOException | UncheckedIOException gone) {
            throw new ServerConnectionException("the client is gone", gone);
        } catch (DatabaseException failed) {
            throw new CloseConnectionException("an export of the audit ends early", failed);
        }
    }
}
