package dev.modunest.edge.prefetch;

import dev.modunest.edge.cache.EdgeCache;
import dev.modunest.edge.cache.Refusals;
import dev.modunest.edge.cache.Stamp;
import dev.modunest.edge.fill.ArtifactFills;
import dev.modunest.edge.fill.BufferedResponse;
import dev.modunest.edge.fill.Fills;
import dev.modunest.edge.origin.Asker;
import dev.modunest.edge.origin.OriginFailure;
import dev.modunest.format.Digest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import java.util.Optional;

/** Fetches artifacts by joining their fills. Clients come first: it waits for a free fill. */
public final class ArtifactFetch {

    /** A fill may end between two looks; more often than this nobody looks again. */
    private static final int MAX_LOOKS = 3;

    /** For a free fill, {@code fill.retry_after} each. */
    private static final int MAX_WAITS = 60;

    private final EdgeCache cache;
    private final ArtifactFills artifacts;
    private final Fills fills;
    private final Vertx vertx;

    public ArtifactFetch(EdgeCache cache, ArtifactFills artifacts, Fills fills, Vertx vertx) {
        this.cache = cache;
        this.artifacts = artifacts;
        this.fills = fills;
        this.vertx = vertx;
    }

    Future<Optional<String>> fetch(Digest digest, Asker asker) {
        return fetch(digest, asker, 1, 0);
    }

    private Future<Optional<String>> fetch(Digest digest, Asker asker, int look, int waits) {
        if (cache.has(digest)) {
            return Future.succeededFuture(Optional.empty());
        }
        Refusals.Kind withdrawn = cache.refusals().find(digest);
        if (withdrawn != null) {
            return TargetFetch.failed("it is withdrawn: " + withdrawn.code());
        }
        if (look > MAX_LOOKS) {
            return TargetFetch.failed("it is not kept");
        }
        Optional<ArtifactFills.Joined> joined = artifacts.join(digest, false, asker);
        if (joined.isEmpty()) {
            return waits < MAX_WAITS
                    ? pause().compose(_ -> fetch(digest, asker, look, waits + 1))
                    : TargetFetch.failed("no fill has been free, of which fill.max_concurrent run");
        }
        return FollowedFill.onThisLoop(joined.get().opening())
                .compose(opening -> opened(digest, asker, opening, look));
    }

    private Future<Optional<String>> opened(
            Digest digest, Asker asker, ArtifactFills.Opening opening, int look) {
        return switch (opening) {
            case ArtifactFills.Opening.Flowing(var _, var fill) when fill.lease() ->
                    FollowedFill.end(fill);
            case ArtifactFills.Opening.Flowing _, ArtifactFills.Opening.Stored _ ->
                    fetch(digest, asker, look + 1, 0);
            case ArtifactFills.Opening.Refused(BufferedResponse response, Stamp _) ->
                    TargetFetch.failed("the origin answers " + response.status());
            case ArtifactFills.Opening.PassThrough(String why) ->
                    TargetFetch.failed("it cannot be stored: " + why);
            case ArtifactFills.Opening.Failed(OriginFailure why) ->
                    TargetFetch.failed(String.valueOf(why.getMessage()));
        };
    }

    private Future<Void> pause() {
        Promise<Void> over = Promise.promise();
        vertx.setTimer(Math.max(1, fills.retryAfter().toMillis()), _ -> over.complete());
        return over.future();
    }
}
