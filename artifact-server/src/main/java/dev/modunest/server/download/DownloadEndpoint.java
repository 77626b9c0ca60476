package dev.modunest.server.download;

import dev.modunest.db.IndexedArtifact;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.http.ByteRanges;
import dev.modunest.format.http.EntityTags;
import dev.modunest.server.admission.Admission;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.artifact.StoredObject;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.auth.Principal;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.PathCoordinates;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.token.ArtifactUrls;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** {@code GET} and {@code HEAD} of artifacts, by digest and by name. */
public final class DownloadEndpoint {

    private static final HeaderName REPR_DIGEST = HeaderNames.create("Repr-Digest");
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    /** Set by an edge that counts the downloads it serves from what it gets here. */
    private static final HeaderName COUNTED = HeaderNames.create("Registry-Downloads-Counted");

    /** Tells an edge that it gets what it must not give to everybody. */
    private static final HeaderName ACCESS = HeaderNames.create("Registry-Access");

    private final ArtifactLookup lookup;
    private final ArtifactSender sender;
    private final DownloadFlush counts;
    private final ArtifactStore store;
    private final PluginAuthService auth;
    private final ArtifactUrls urls;

    public DownloadEndpoint(
            DownloadConfig config,
            ArtifactStore store,
            ArtifactLookup lookup,
            DownloadFlush counts,
            PluginAuthService auth,
            ArtifactUrls urls,
            Metrics metrics) {
        this.counts = counts;
        this.store = store;
        this.auth = auth;
        this.urls = urls;
        Admission admission =
                new Admission(
                        "downloads", config.maxConcurrent(), config.maxWaiting(), config.maxWait());
        this.lookup = lookup;
        HotArtifacts hot = new HotArtifacts(store, config.memoryBytes());
        this.sender =
                new ArtifactSender(store, hot, admission, metrics, (int) config.buffer().bytes());
        metrics.gauge("modunest_hot_artifacts", "Artifacts in memory.", hot::entries);
        metrics.gauge("modunest_hot_artifact_bytes", "Bytes of artifacts in memory.", hot::bytes);
        metrics.counter(
                "modunest_hot_artifact_hits_total",
                "Downloads served from memory.",
                Map.of(),
                hot::hits);
        metrics.gauge(
                "modunest_download_admission",
                "Downloads under way and waiting.",
                "state",
                () -> admission,
                Map.<String, ToDoubleFunction<Admission>>of(
                        "running", Admission::inUse, "waiting", Admission::waiting));
        metrics.gauge(
                "modunest_artifact_lookup_entries",
                "Artifacts whose size is remembered.",
                "cache",
                () -> lookup,
                Map.<String, ToDoubleFunction<ArtifactLookup>>of("all", ArtifactLookup::entries));
    }

    /** {@code /artifacts/sha256/{hex}}. */
    public void byDigest(ServerRequest request, ServerResponse response) {
        String hex = request.path().pathParameters().get("hex");
        IndexedArtifact artifact =
                Digest.tryHex(hex)
                        .flatMap(lookup::find)
                        .orElseThrow(() -> unknown("No artifact has the digest sha256:" + hex));
        if (artifact.secret() && urls.proves(artifact.digest(), request.query().rawValue())) {
            Answers.keepPrivate(true, response);
        } else {
            requireRead(
                    artifact,
                    request,
                    response,
                    () -> unknown("No artifact has the digest sha256:" + hex));
        }
        serve(artifact, request, response);
    }

    /**
     * While the index is away, what was public when it was last seen counts as public, for as long
     * as its artifacts are served at all; a private one is not served.
     */
    private void requireRead(
            IndexedArtifact artifact,
            ServerRequest request,
            ServerResponse response,
            Supplier<Rejection> unknown) {
        if (!artifact.secret() && lookup.isWithoutIndex()) {
            auth.requirePublicRead(Caller.of(request), artifact.plugin());
            return;
        }
        boolean secret = auth.requireArtifact(Caller.of(request), artifact, unknown);
        Answers.keepPrivate(secret, response);
        if (secret && Caller.of(request) instanceof Principal.Edge) {
            response.header(ACCESS, "private");
        }
    }

    /** {@code /artifacts/{namespace}/{name}/{version}/{file}}. */
    public void byName(ServerRequest request, ServerResponse response) {
        Coordinate coordinate = PathCoordinates.coordinate(request);
        String file = request.path().pathParameters().get("file");
        Optional<StoredObject.ReleaseFile> beside =
                StoredObject.ReleaseFile.named(coordinate, file);
        if (!file.equals(coordinate.fileName()) && beside.isEmpty()) {
            throw unknown(
                    coordinate
                            + " has the files "
                            + coordinate.fileName()
                            + ", the same with .sigstore.json, .vsa.sigstore.json, .tlog-proof, .provenance.sigstore.json and .second.sigstore.json, and not "
                            + file);
        }
        IndexedArtifact artifact =
                lookup.find(coordinate).orElseThrow(() -> unknownRelease(request));
        requireRead(artifact, request, response, () -> unknownRelease(request));
        if (beside.isPresent()) {
            serve(beside.get(), request, response);
        } else {
            serve(artifact, request, response);
        }
    }

    /**
     * Also of a release in quarantine, whose bytes are not served: that it was good once is a fact.
     */
    private void serve(
            StoredObject.ReleaseFile file, ServerRequest request, ServerResponse response) {
        byte[] content =
                store.get(file)
                        .orElseThrow(
                                () ->
                                        unknown(
                                                file.release()
                                                        + " has no "
                                                        + file.name()
                                                        + ": nobody signed it, or the log is about to show it"));
        response.header(HeaderNames.ETAG, Digest.ofBytes(content).entityTag());
        response.header(HeaderNames.CACHE_CONTROL, file.cacheControl());
        Answers.send(request, response, file.mediaType(), content);
    }

    /** What is answered where there is no such release, or none that the caller may know of. */
    private static Rejection unknownRelease(ServerRequest request) {
        return unknown("There is no release " + PathCoordinates.coordinate(request));
    }

    private static Rejection unknown(String detail) {
        return new Rejection(
                ProblemCode.ARTIFACT_UNKNOWN,
                detail + "; GET /index/{namespace}/{name} lists the releases and their digests");
    }

    private void serve(IndexedArtifact artifact, ServerRequest request, ServerResponse response) {
        requireServed(artifact);
        String tag = artifact.digest().entityTag();
        StoredObject.Artifact object = new StoredObject.Artifact(artifact.digest());
        Optional<String> known = request.headers().first(HeaderNames.IF_NONE_MATCH);
        if (known.filter(tags -> EntityTags.matchesWeakly(tags, tag)).isPresent()) {
            describe(artifact, object, response);
            response.status(Status.NOT_MODIFIED_304).send();
            return;
        }
        boolean head = request.prologue().method().equals(Method.HEAD);
        // Range has a meaning for GET alone (RFC 9110 14.2).
        ByteRanges ranges =
                head
                        ? new ByteRanges.Whole()
                        : RangeRequest.read(
                                request.headers().first(HeaderNames.RANGE),
                                request.headers().first(HeaderNames.IF_RANGE),
                                tag,
                                artifact.size());
        if (head) {
            describe(artifact, object, response);
            response.header(HeaderNames.CONTENT_TYPE, object.mediaType());
            response.header(HeaderNames.CONTENT_LENGTH, Long.toString(artifact.size()));
            response.send();
            return;
        }
        sender.send(
                object,
                artifact.size(),
                ranges,
                response,
                () -> {
                    describe(artifact, object, response);
                    if (hasFirstByte(ranges) && !request.headers().contains(COUNTED)) {
                        counts.count(artifact.digest());
                    }
                });
    }

    /** By which a download is told from its continuation. */
    private static boolean hasFirstByte(ByteRanges ranges) {
        return !(ranges instanceof ByteRanges.Parts(List<ByteRanges.Span> spans))
                || spans.stream().anyMatch(span -> span.first() == 0);
    }

    private static void requireServed(IndexedArtifact artifact) {
        String reason = artifact.status().reason().orElse("");
        switch (artifact.status().state()) {
            case LIVE, YANKED -> {}
            case QUARANTINED ->
                    throw new Rejection(
                            ProblemCode.RELEASE_QUARANTINED,
                            "The release with "
                                    + artifact.digest()
                                    + " is in quarantine: "
                                    + reason
                                    + ". Use another release; the administrators of the registry decide when it is served again");
            case DELETED ->
                    throw new Rejection(
                            ProblemCode.RELEASE_DELETED,
                            "The release with "
                                    + artifact.digest()
                                    + " was deleted: "
                                    + reason
                                    + ". Use another release");
        }
    }

    private static void describe(
            IndexedArtifact artifact, StoredObject.Artifact object, ServerResponse response) {
        response.header(HeaderNames.ETAG, artifact.digest().entityTag());
        response.header(REPR_DIGEST, artifact.digest().reprDigest());
        response.header(HeaderNames.CACHE_CONTROL, object.cacheControl());
        response.header(HeaderNames.ACCEPT_RANGES, "bytes");
        response.header(HeaderNames.LAST_MODIFIED, HTTP_DATE.format(artifact.publishedAt()));
    }
}
