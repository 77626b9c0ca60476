package dev.modunest.edge.serve;

import dev.modunest.edge.cache.ByteSource;
import dev.modunest.edge.cache.EdgeCache;
import dev.modunest.edge.cache.EdgeCache.Hit;
import dev.modunest.edge.cache.Refusals;
import dev.modunest.edge.cache.RequestDirectives;
import dev.modunest.edge.cache.Stamp;
import dev.modunest.edge.counts.DownloadCounter;
import dev.modunest.edge.fill.ArtifactFills;
import dev.modunest.edge.fill.BufferedResponse;
import dev.modunest.edge.fill.Fill;
import dev.modunest.edge.fill.Fills;
import dev.modunest.edge.fill.Names;
import dev.modunest.edge.origin.OriginFailure;
import dev.modunest.format.Digest;
import dev.modunest.format.http.EntityTags;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** Artifacts: from memory, from disk, or by joining the fill. */
public final class ArtifactEndpoint {

    /** A fill may end between two looks; more often than this nobody looks again. */
    private static final int MAX_LOOKS = 3;

    private final EdgeCache cache;
    private final ArtifactFills artifacts;
    private final Fills fills;
    private final Names names;
    private final ResponseEndpoint responses;
    private final ProxyEndpoint proxy;
    private final DownloadCounter downloads;
    private final ResponseWriter writer;
    private final ArtifactHeads heads = new ArtifactHeads();

    public ArtifactEndpoint(
            EdgeCache cache,
            ArtifactFills artifacts,
            Fills fills,
            Names names,
            ResponseEndpoint responses,
            ProxyEndpoint proxy,
            DownloadCounter downloads) {
        this.cache = cache;
        this.artifacts = artifacts;
        this.fills = fills;
        this.names = names;
        this.responses = responses;
        this.proxy = proxy;
        this.downloads = downloads;
        this.writer = responses.writer();
    }

    public void handle(Exchange x, ArtifactPath path) {
        boolean rechecks = x.isHead() && RequestDirectives.of(x.request().headers()).noCache();
        if (!responses.hasApplied(x) || rechecks) {
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
        if (!x.hasCredentials() && responses.serveIfFresh(x, path.text())) {
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
                                responses.handle(x, path.text());
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
            write(x, now);
        } else if (cache.isOnDisk(digest)) {
            x.on(
                    cache.find(digest),
                    found -> {
                        if (found.succeeded() && found.result().isPresent()) {
                            write(x, found.result().get());
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
            responses.withdrawn(x, path.text(), digest, withdrawn);
            return;
        }
        if (!x.hasCredentials() && responses.serveIfFresh(x, path.text())) {
            return;
        }
        if (x.isHead() || holdsAlready(x, digest) || look > MAX_LOOKS) {
            proxy.forward(x, CacheStatus.MISS_PASSED);
            return;
        }
        Optional<ArtifactFills.Joined> joined = artifacts.join(digest, x.asker());
        if (joined.isEmpty()) {
            tooManyFills(x);
            return;
        }
        boolean leading = joined.get().leading();
        x.on(
                joined.get().opening(),
                opened -> {
                    if (!x.isGone()) {
                        follow(x, path, digest, opened.result(), leading, look);
                    }
                });
    }

    private void follow(
            Exchange x,
            ArtifactPath path,
            Digest digest,
            ArtifactFills.Opening opening,
            boolean leading,
            int look) {
        switch (opening) {
            case ArtifactFills.Opening.Flowing flowing when flowing.fill().lease() ->
                    writeFilling(x, flowing, leading);
            case ArtifactFills.Opening.Flowing _, ArtifactFills.Opening.Stored _ ->
                    serve(x, path, digest, look + 1);
            case ArtifactFills.Opening.Refused(BufferedResponse response, Stamp stamp) -> {
                if (x.hasCredentials()) {
                    proxy.forward(x, CacheStatus.BYPASS);
                } else {
                    responses.refused(x, path.text(), response, stamp, leading);
                }
            }
            case ArtifactFills.Opening.PassThrough(String _) ->
                    proxy.forward(x, CacheStatus.MISS_PASSED);
            case ArtifactFills.Opening.Failed(OriginFailure why) ->
                    x.originFailed(why, leading ? CacheStatus.MISS : CacheStatus.COLLAPSED);
        }
    }

    private void write(Exchange x, Hit hit) {
        Selection selection = writer.write(x, heads.of(hit.artifact()), hit, CacheStatus.HIT);
        count(x, hit.artifact().digest(), selection);
    }

    /**
     * A fill that is whole and verified is a hit, while its file is still being forced to the disk.
     */
    private void writeFilling(Exchange x, ArtifactFills.Opening.Flowing flowing, boolean leading) {
        Fill fill = flowing.fill();
        CacheStatus whole =
                fill.state() == ByteSource.State.WHOLE ? CacheStatus.HIT : CacheStatus.COLLAPSED;
        Selection selection =
                writer.writeFilling(
                        x,
                        heads.of(flowing.artifact()),
                        flowing.artifact().size(),
                        fill,
                        leading ? CacheStatus.MISS : whole);
        count(x, flowing.artifact().digest(), selection);
    }

    private void count(Exchange x, Digest digest, Selection selection) {
        if (downloads.isCounting()
                && !x.isHead()
                && selection.hasFirstByte()
                && !x.request().headers().contains(DownloadCounter.COUNTED)) {
            downloads.count(digest);
        }
    }

    private void tooManyFills(Exchange x) {
        x.cacheStatus(CacheStatus.MISS_PASSED);
        x.response()
                .putHeader(
                        "Retry-After", Long.toString(Math.max(1, fills.retryAfter().toSeconds())));
        x.problem(
                503,
                "too-many-fills",
                "Too many objects are being fetched from the origin",
                fills.maxConcurrent()
                        + " fills are running, which is fill.max_concurrent; retry after the time"
                        + " of Retry-After, or raise the bound.");
    }

    /** Whether the client has the object, so that only its existence is asked for. */
    private static boolean holdsAlready(Exchange x, Digest digest) {
        @Nullable String noneMatch = x.request().getHeader("If-None-Match");
        return noneMatch != null && EntityTags.matchesWeakly(noneMatch, digest.entityTag());
    }
}
