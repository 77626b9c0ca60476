package dev.modunest.edge.serve;

import dev.modunest.edge.access.ArtifactAccess;
import dev.modunest.edge.access.Proof;
import dev.modunest.edge.cache.ByteSource;
import dev.modunest.edge.cache.EdgeCache;
import dev.modunest.edge.cache.EdgeCache.Hit;
import dev.modunest.edge.cache.Refusals;
import dev.modunest.edge.cache.RequestDirectives;
import dev.modunest.edge.cache.ResponseHead;
import dev.modunest.edge.cache.Stamp;
import dev.modunest.edge.cache.StoredArtifact;
import dev.modunest.edge.counts.DownloadCounter;
import dev.modunest.edge.fill.ArtifactFills;
import dev.modunest.edge.fill.BufferedResponse;
import dev.modunest.edge.fill.Fill;
import dev.modunest.edge.fill.Fills;
import dev.modunest.edge.fill.Names;
import dev.modunest.edge.origin.OriginFailure;
import dev.modunest.format.Digest;
import dev.modunest.format.http.EntityTags;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** Artifacts: from memory, from disk, or by joining the fill. */
public final class ArtifactEndpoint {

    /** A fill may end between two looks; more often than this nobody looks again. */
    private static final int MAX_LOOKS = 3;

    /** What a request is for, and what it shows for that. */
    private record Wish(ArtifactPath path, Digest digest, Proof proof) {}

    private final ArtifactAccess access;
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
            ArtifactAccess access,
            EdgeCache cache,
            ArtifactFills artifacts,
            Fills fills,
            Names names,
            ResponseEndpoint responses,
            ProxyEndpoint proxy,
            DownloadCounter downloads) {
        this.access = access;
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
            case ArtifactPath.ByDigest(Digest digest) -> prove(x, path, digest);
            case ArtifactPath.ByName(String text) -> {
                Digest digest = names.find(text);
                if (digest == null) {
                    resolve(x, path);
                } else {
                    prove(x, path, digest);
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
                        case Names.Resolved.Known(Digest digest) -> prove(x, path, digest);
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

    private void prove(Exchange x, ArtifactPath path, Digest digest) {
        Future<Proof> proof =
                access.of(
                        digest,
                        path instanceof ArtifactPath.ByDigest ? x.target().query() : null,
                        x.request().getHeader("Authorization"));
        if (proof.isComplete()) {
            serve(x, new Wish(path, digest, proof.result()), 1);
        } else {
            x.on(proof, known -> serve(x, new Wish(path, digest, known.result()), 1));
        }
    }

    private void serve(Exchange x, Wish wish, int look) {
        boolean proven = wish.proof().isGiven();
        Hit now = cache.findNow(wish.digest(), proven);
        if (now != null) {
            write(x, wish, now);
        } else if (cache.isOnDisk(wish.digest(), proven)) {
            x.on(
                    cache.find(wish.digest(), proven),
                    found -> {
                        if (found.succeeded() && found.result().isPresent()) {
                            write(x, wish, found.result().get());
                        } else {
                            miss(x, wish, look);
                        }
                    });
        } else {
            miss(x, wish, look);
        }
    }

    /**
     * Fills are made without the credentials of who asks. What is refused to everybody is asked for
     * once more with them, and passed through; so is a private artifact, unless the request proves
     * that it may have it and the origin gives it to this edge.
     */
    private void miss(Exchange x, Wish wish, int look) {
        boolean personal = x.hasCredentials() || wish.proof().isPersonal();
        Refusals.@Nullable Kind withdrawn = cache.refusals().find(wish.digest());
        boolean hidden = withdrawn == Refusals.Kind.HIDDEN && wish.proof().isGiven();
        if (withdrawn != null && !hidden) {
            if (personal) {
                proxy.forward(x, CacheStatus.BYPASS);
            } else {
                responses.withdrawn(x, wish.path().text(), wish.digest(), withdrawn);
            }
            return;
        }
        if (!personal && responses.serveIfFresh(x, wish.path().text())) {
            return;
        }
        if (x.isHead() || holdsAlready(x, wish.digest()) || look > MAX_LOOKS) {
            proxy.forward(x, CacheStatus.MISS_PASSED);
            return;
        }
        Optional<ArtifactFills.Joined> joined =
                artifacts.join(wish.digest(), wish.proof().isGiven(), x.asker());
        if (joined.isEmpty()) {
            tooManyFills(x);
            return;
        }
        boolean leading = joined.get().leading();
        x.on(
                joined.get().opening(),
                opened -> {
                    if (!x.isGone()) {
                        follow(x, wish, opened.result(), leading, look);
                    }
                });
    }

    private void follow(
            Exchange x, Wish wish, ArtifactFills.Opening opening, boolean leading, int look) {
        switch (opening) {
            case ArtifactFills.Opening.Flowing flowing when flowing.fill().lease() ->
                    writeFilling(x, wish, flowing, leading);
            case ArtifactFills.Opening.Flowing _, ArtifactFills.Opening.Stored _ ->
                    serve(x, wish, look + 1);
            case ArtifactFills.Opening.Refused(BufferedResponse response, Stamp stamp) -> {
                if (x.hasCredentials() || wish.proof().isPersonal()) {
                    proxy.forward(x, CacheStatus.BYPASS);
                } else {
                    responses.refused(x, wish.path().text(), response, stamp, leading);
                }
            }
            case ArtifactFills.Opening.PassThrough(String _) ->
                    proxy.forward(x, CacheStatus.MISS_PASSED);
            case ArtifactFills.Opening.Failed(OriginFailure why) ->
                    x.originFailed(why, leading ? CacheStatus.MISS : CacheStatus.COLLAPSED);
        }
    }

    private void write(Exchange x, Wish wish, Hit hit) {
        tellEdge(x, wish, hit.artifact());
        Selection selection = writer.write(x, heads.of(hit.artifact()), hit, CacheStatus.HIT);
        count(x, hit.artifact().digest(), selection);
    }

    /**
     * A fill that is whole and verified is a hit, while its file is still being forced to the disk.
     */
    private void writeFilling(
            Exchange x, Wish wish, ArtifactFills.Opening.Flowing flowing, boolean leading) {
        Fill fill = flowing.fill();
        tellEdge(x, wish, flowing.artifact());
        CacheStatus whole =
                fill.state() == ByteSource.State.WHOLE ? CacheStatus.HIT : CacheStatus.COLLAPSED;
        ResponseHead head = heads.of(flowing.artifact());
        Selection selection =
                writer.writeFilling(
                        x,
                        head,
                        flowing.artifact().size(),
                        writer.age(head),
                        fill,
                        leading ? CacheStatus.MISS : whole);
        count(x, flowing.artifact().digest(), selection);
    }

    /** An edge that asks this one has to know what it must not give to everybody. */
    private static void tellEdge(Exchange x, Wish wish, StoredArtifact artifact) {
        if (artifact.secret() && wish.proof() == Proof.EDGE) {
            x.response().putHeader(ArtifactAccess.FIELD, ArtifactAccess.PRIVATE);
        }
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
