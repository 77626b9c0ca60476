package dev.modunest.server.publish;

import dev.modunest.db.DatabaseException;
import dev.modunest.format.Coordinate;
import dev.modunest.server.admission.Admission;
import dev.modunest.server.artifact.StoreException;
import dev.modunest.server.auth.Authenticator;
import dev.modunest.server.connection.BodyStream;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.PathCoordinates;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpMediaType;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code PUT /api/v1/plugins/{namespace}/{name}/{version}}. */
final class PublishEndpoint {

    private static final HeaderName REPR_DIGEST = HeaderNames.create("Repr-Digest");
    private static final HeaderName CONTENT_DIGEST = HeaderNames.create("Content-Digest");
    private static final Set<String> MEDIA_TYPES =
            Set.of(
                    "application/java-archive",
                    "application/octet-stream",
                    "application/zip",
                    "application/x-java-archive");

    private final Authenticator authenticator;
    private final PublishService service;
    private final Admission admission;
    private final Metrics metrics;

    PublishEndpoint(
            Authenticator authenticator,
            PublishService service,
            Admission admission,
            Metrics metrics) {
        this.authenticator = authenticator;
        this.service = service;
        this.admission = admission;
        this.metrics = metrics;
    }

    void put(ServerRequest request, ServerResponse response) {
        try {
            PublishRequest publish = read(request);
            service.checkBeforeBody(publish);
            Published published;
            try (Admission.Permit _ = admission.acquire()) {
                published = service.publish(publish, new BodyStream(request));
            }
            metrics.published(published.release().size());
            response.status(Status.CREATED_201);
            response.header(HeaderNames.LOCATION, location(publish.coordinate()));
            response.header(REPR_DIGEST, published.release().digest().reprDigest());
            response.header(HeaderNames.CACHE_CONTROL, "no-store");
            Answers.send(
                    request,
                    response,
                    "application/json",
                    ReleaseDocument.answer(published, publish.account().name()));
        } catch (Rejection rejection) {
            metrics.publishRefused(rejection.code().code());
            throw rejection;
        } catch (StoreException | DatabaseException failed) {
            metrics.publishRefused("failed");
            throw failed;
        }
    }

    private PublishRequest read(ServerRequest request) {
        Coordinate coordinate = PathCoordinates.coordinate(request);
        Optional<String> authorization = request.headers().first(HeaderNames.AUTHORIZATION);
        PublishRequest publish =
                new PublishRequest(
                        coordinate,
                        authenticator.require(authorization),
                        DigestHeaders.announced(digestHeaders(request)),
                        request.headers().contentLength());
        checkMediaType(request);
        return publish;
    }

    private static List<String> digestHeaders(ServerRequest request) {
        List<String> values = new ArrayList<>();
        request.headers().first(REPR_DIGEST).ifPresent(values::add);
        request.headers().first(CONTENT_DIGEST).ifPresent(values::add);
        return values;
    }

    private static void checkMediaType(ServerRequest request) {
        request.headers()
                .contentType()
                .map(HttpMediaType::mediaType)
                .map(type -> type.text())
                .filter(type -> !MEDIA_TYPES.contains(type))
                .ifPresent(
                        type -> {
                            throw new Rejection(
                                    ProblemCode.MEDIA_TYPE_UNSUPPORTED,
                                    "The body is announced as "
                                            + type
                                            + "; send the jar itself as application/java-archive, not in a form");
                        });
    }

    private static String location(Coordinate coordinate) {
        return "/api/v1/plugins/" + coordinate.plugin() + "/" + coordinate.version();
    }
}
