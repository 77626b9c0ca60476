package dev.modunest.server.publish;

import static java.util.stream.Collectors.joining;

import dev.modunest.db.Account;
import dev.modunest.db.DatabaseException;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.server.artifact.StoreException;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.connection.BodyStream;
import dev.modunest.server.idempotency.Answer;
import dev.modunest.server.idempotency.Mutation;
import dev.modunest.server.idempotency.Mutations;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.problem.PathCoordinates;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpMediaType;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** {@code PUT /api/v1/plugins/{namespace}/{name}/{version}}. */
final class PublishEndpoint {

    private static final HeaderName REPR_DIGEST = HeaderNames.create("Repr-Digest");
    private static final HeaderName PUBLISHER_BUNDLE = HeaderNames.create("Publisher-Bundle");
    private static final HeaderName PREFERENCE_APPLIED = HeaderNames.create("Preference-Applied");
    private static final HeaderName CONTENT_DIGEST = HeaderNames.create("Content-Digest");
    private static final int MOST_BUNDLES = 3;
    private static final Set<String> MEDIA_TYPES =
            Set.of(
                    "application/java-archive",
                    "application/octet-stream",
                    "application/zip",
                    "application/x-java-archive");

    private final Mutations mutations;
    private final PublishService service;
    private final Attestation attestation;
    private final PublishConfig config;
    private final Metrics metrics;

    PublishEndpoint(
            Mutations mutations,
            PublishService service,
            Attestation attestation,
            PublishConfig config,
            Metrics metrics) {
        this.mutations = mutations;
        this.service = service;
        this.attestation = attestation;
        this.config = config;
        this.metrics = metrics;
    }

    void put(ServerRequest request, ServerResponse response) {
        try {
            answer(request, response);
        } catch (Rejection rejection) {
            metrics.publishRefused(rejection.code().code());
            throw rejection;
        } catch (StoreException | DatabaseException failed) {
            metrics.publishRefused("failed");
            throw failed;
        }
    }

    private void answer(ServerRequest request, ServerResponse response) {
        PublishRequest publish = read(request);
        Preference preference = Preference.of(request, config);
        Answer answer = publish(publish, request, preference);
        if (answer.isReplay()) {
            // The first request may have ended before the log showed its release.
            attestation.awaitAll();
        }
        if (!preference.applied().isEmpty()) {
            response.header(PREFERENCE_APPLIED, preference.applied());
        }
        answer.send(request, response);
    }

    private Answer publish(PublishRequest publish, ServerRequest request, Preference preference) {
        try {
            // Made late: to ask for the stream is to ask the client for the body.
            return service.publish(publish, () -> new BodyStream(request), preference.patience());
        } catch (Rejection rejection) {
            return firstAnswer(publish, rejection);
        }
    }

    /** The version may exist because the first request with this key ended meanwhile. */
    private Answer firstAnswer(PublishRequest publish, Rejection rejection) {
        return Optional.of(rejection)
                .filter(refusal -> refusal.code() == ProblemCode.VERSION_EXISTS)
                .flatMap(_ -> mutations.replay(publish.mutation()))
                .orElseThrow(() -> rejection);
    }

    private PublishRequest read(ServerRequest request) {
        Coordinate coordinate = PathCoordinates.coordinate(request);
        Account account = Caller.account(request);
        Optional<Digest> announced = DigestHeaders.announced(digestHeaders(request));
        OptionalLong length = request.headers().contentLength();
        List<Digest> bundles = bundles(request);
        String content =
                announced.map(Digest::toString).orElseGet(length::toString)
                        + bundles.stream().map(digest -> " " + digest).collect(joining());
        PublishRequest publish =
                new PublishRequest(
                        coordinate,
                        Mutation.of(request, account, content),
                        announced,
                        length,
                        bundles);
        checkMediaType(request);
        return publish;
    }

    private static List<Digest> bundles(ServerRequest request) {
        if (!request.headers().contains(PUBLISHER_BUNDLE)) {
            return List.of();
        }
        List<Digest> digests =
                request.headers().get(PUBLISHER_BUNDLE).allValues(false).stream()
                        .flatMap(line -> Stream.of(line.split(",", -1)))
                        .map(text -> digest(text.strip()))
                        .distinct()
                        .toList();
        if (digests.size() > MOST_BUNDLES) {
            throw new Rejection(
                    ProblemCode.DIGEST_HEADER_INVALID,
                    "Publisher-Bundle names "
                            + digests.size()
                            + " bundles; a release has at most the publisher's, provenance and a second signature");
        }
        return digests;
    }

    private static Digest digest(String text) {
        try {
            return Digest.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw new Rejection(
                    ProblemCode.DIGEST_HEADER_INVALID,
                    "Publisher-Bundle is a list of digests that PUT .../bundle answered with, sha256:<64 hex digits>, not '"
                            + text
                            + "'");
        }
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
}
