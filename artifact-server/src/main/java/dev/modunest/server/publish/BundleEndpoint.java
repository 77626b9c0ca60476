package dev.modunest.server.publish;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.modunest.db.Database;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.body.SmallBody;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.PathCoordinates;

import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/**
 * {@code PUT /api/v1/plugins/{namespace}/{name}/{version}/bundle}: what is signed of a release,
 * ahead of it.
 */
final class BundleEndpoint {

    private final BundleRules rules;
    private final Database database;
    private final InstantSource clock;

    BundleEndpoint(BundleRules rules, Database database, InstantSource clock) {
        this.rules = rules;
        this.database = database;
        this.clock = clock;
    }

    void put(ServerRequest request, ServerResponse response) {
        Coordinate coordinate = PathCoordinates.coordinate(request);
        byte[] body = SmallBody.read(request, ReleaseBundle.MAX_BYTES);
        byte[] part = rules.check(coordinate, body, clock.instant()).bundle().publisherPart();
        Digest digest = Digest.ofBytes(part);
        long account = Caller.account(request).id();
        database.<Boolean>inTransaction(
                tx -> {
                    tx.uploadedBundles()
                            .put(
                                    digest,
                                    account,
                                    new String(part, StandardCharsets.UTF_8),
                                    clock.instant());
                    return true;
                });
        response.status(Status.CREATED_201);
        Answers.send(
                request,
                response,
                "application/json",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("coordinate", coordinate.toString())
                        .put("digest", digest.toString())
                        .toString()
                        .getBytes(StandardCharsets.UTF_8));
    }
}
