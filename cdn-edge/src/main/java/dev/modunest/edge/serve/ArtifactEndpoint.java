package dev.modunest.edge.serve;

import dev.modunest.edge.cache.ByteSource;
import dev.modunest.edge.cache.Document;
import dev.modunest.edge.cache.EdgeCache;
import dev.modunest.edge.cache.EdgeCache.Hit;
import dev.modunest.edge.cache.OpenFile;
import dev.modunest.edge.cache.Refusals;
import dev.modunest.edge.cache.StoredArtifact;
import dev.modunest.edge.counts.DownloadCounter;
import dev.modunest.edge.fill.Fill;
import dev.modunest.edge.fill.FillSettings;
import dev.modunest.edge.fill.Fills;
import dev.modunest.edge.fill.Names;
import dev.modunest.edge.origin.OriginFailure;
import dev.modunest.format.Digest;
import dev.modunest.format.http.EntityTags;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Artifacts: from memory, from disk, or by joining the fill. */
public final class ArtifactEndpoint {

    /** A fill may end between two looks; more often than this nobody looks again. */
    private static final int MAX_LOOKS = 3;

    private final EdgeCache cache;
    private final Fills fills;
    private final Names names;
    private final FillSettings settings;
    private final DocumentEndpoint documents;
    private final ProxyEndpoint proxy;
    private final ArtifactWriter writer;

    public ArtifactEndpoint(
            EdgeCache cache,
            Fills fills,
            Names names,
            FillSettings settings,
            DocumentEndpoint documents,
            ProxyEndpoint proxy,
            DownloadCounter downloads,
            Executor blocking,
            InstantSource clock) {
        this.cache = cache;
        this.fills = fills;
        this.names = names;
        this.settings = settings;
        this.documents = documents;
        this.proxy = proxy;
        this.writer = new ArtifactWriter(downloads, blocking, clock);
    }

    public void handle(Exchange x, ArtifactPath path) {
        if (!documents.hasApplied(x) || (x.isHead() && DocumentEndpoint.wantsRevalidation(x))) {
            proxy.forward(x, CacheStatus.BYPASS);
            return;
        }
        switch (path) {
            case ArtifactPath.ByDigest(Digest digest) -> serve(x, path, digest, 1);
            case ArtifactPath.ByName(String text) -> {
                Digest digest = names.find(text);
                if (digest == null) {
                    resolve(x, path);
                } else {
                    serve(x, path, digest, 1);
                }
            }
        }
    }

    private void resolve(Exchange x, ArtifactPath path) {
        if (!x.hasCredentials() && documents.serveIfFresh(x, path.text())) {
            return;
        }
        x.on(
                names.resolve(path.text(), x.asker()),
                answered -> {
                    switch (answered.result()) {
                        case Names.Resolved.Known(Digest digest) -> serve(x, path, digest, 1);
                        case Names.Resolved.WithoutDigest() ->
                                proxy.forward(x, CacheStatus.MISS_PASSED);
                        case Names.Resolved.Refused() -> {
                            if (x.hasCredentials()) {
                                proxy.forward(x, CacheStatus.BYPASS);
                            } else {
                                documents.handle(x, path.text());
                            }
                        }
                        case Names.Resolved.Failed(OriginFailure why) ->
                                x.originFailed(why, CacheStatus.MISS_PASSED);
                    }
                });
    }

    private void serve(Exchange x, ArtifactPath path, Digest digest, int look) {
        Hit now = cache.findNow(digest);
        if (now != null) {
            writer.write(x, now, CacheStatus.HIT);
        } else if (cache.isOnDisk(digest)) {
            x.on(
                    cache.find(digest),
                    found -> {
                        if (found.succeeded() && found.result().isPresent()) {
                            writer.write(x, found.result().get(), CacheStatus.HIT);
                        } else {
                            miss(x, path, digest, look);
                        }
                    });
        } else {
            miss(x, path, digest, look);
        }
    }

    /**
     * Fills are made without the credentials of who asks, so that only what is for everybody is
     * kept; what is refused to everybody is asked for once more with them, and passed through.
     */
    private void miss(Exchange x, ArtifactPath path, Digest digest, int look) {
        Refusals.@Nullable Kind withdrawn = cache.refusals().find(digest);
        if (withdrawn != null && x.hasCredentials()) {
            proxy.forward(x, CacheStatus.BYPASS);
            return;
        }
        if (withdrawn != null) {
            documents.withdrawn(x, path.text(), digest, withdrawn);
            return;
        }
        if (!x.hasCredentials() && documents.serveIfFresh(x, path.text())) {
            return;
        }
        if (x.isHead() || holdsAlready(x, digest) || look > MAX_LOOKS) {
            proxy.forward(x, CacheStatus.MISS_PASSED);
            return;
        }
        Optional<Fills.Joined> joined = fills.join(digest, x.asker());
        if (joined.isEmpty()) {
            tooManyFills(x);
            return;
        }
        Fill fill = joined.get().fill();
        CacheStatus status = statusOf(joined.get());
        x.on(
                fill.opening(),
                opened -> {
                    if (!x.isGone()) {
                        follow(x, path, fill, opened.result(), status, look);
                    }
                });
    }

    /**
     * A fill that is whole and verified is a hit, while its file is still being forced to the disk.
     */
    private static CacheStatus statusOf(Fills.Joined joined) {
        if (joined.leading()) {
            return CacheStatus.MISS;
        }
        return joined.fill().state() == ByteSource.State.WHOLE
                ? CacheStatus.HIT
                : CacheStatus.COLLAPSED;
    }

    private void follow(
            Exchange x,
            ArtifactPath path,
            Fill fill,
            Fill.Opening opening,
            CacheStatus status,
            int look) {
        switch (opening) {
            case Fill.Opening.Flowing(StoredArtifact artifact, OpenFile file) -> {
                if (file.lease()) {
                    writer.writeFilling(x, artifact, file, fill, status);
                } else {
                    serve(x, path, fill.digest(), look + 1);
                }
            }
            case Fill.Opening.Stored() -> serve(x, path, fill.digest(), look + 1);
            case Fill.Opening.Refused(Document response) -> {
                if (x.hasCredentials()) {
                    proxy.forward(x, CacheStatus.BYPASS);
                } else {
                    documents.refused(x, path.text(), response, status);
                }
            }
            case Fill.Opening.PassThrough(String _) -> proxy.forward(x, CacheStatus.MISS_PASSED);
            case Fill.Opening.Failed(OriginFailure why) -> x.originFailed(why, status);
        }
    }

    private void tooManyFills(Exchange x) {
        x.cacheStatus(CacheStatus.MISS_PASSED);
        x.response()
                .putHeader(
                        "Retry-After",
                        Long.toString(Math.max(1, settings.retryAfter().toSeconds())));
        x.problem(
                503,
                "too-many-fills",
                "Too many objects are being fetched from the origin",
                settings.maxConcurrent()
                        + " fills are running, which is fill.max_concurrent; retry after the time"
                        + " of Retry-After, or raise the bound.");
    }

    /** Whether the client has the object, so that only its existence is asked for. */
    private static boolean holdsAlready(Exchange x, Digest digest) {
        @Nullable String noneMatch = x.request().getHeader("If-None-Match");
        return noneMatch != null && EntityTags.matchesWeakly(noneMatch, digest.entityTag());
    }
}
