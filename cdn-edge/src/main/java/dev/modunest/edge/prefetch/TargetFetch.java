package dev.modunest.edge.prefetch;

import dev.modunest.edge.fill.Names;
import dev.modunest.edge.origin.Asker;
import dev.modunest.edge.origin.OriginFailure;
import dev.modunest.edge.serve.ArtifactPath;
import dev.modunest.format.Digest;

import io.vertx.core.Future;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * Fetches one target into the tiers, by the flights and fills that clients share. Gives nothing
 * when it is there, else why it is not. Called on an event loop.
 */
public final class TargetFetch {

    private final Names names;
    private final ArtifactFetch artifacts;
    private final ResponseFetch responses;
    private final boolean registry;
    private final Predicate<String> isDocument;

    /**
     * @param registry whether there are paths that name artifacts
     * @param isDocument whether what else is at a path of a registry may be cached
     */
    public TargetFetch(
            Names names,
            ArtifactFetch artifacts,
            ResponseFetch responses,
            boolean registry,
            Predicate<String> isDocument) {
        this.names = names;
        this.artifacts = artifacts;
        this.responses = responses;
        this.registry = registry;
        this.isDocument = isDocument;
    }

    Future<Optional<String>> fetch(String target, Asker asker) {
        if (!registry) {
            return responses.fetch(target, asker);
        }
        Optional<ArtifactPath> artifact = ArtifactPath.parse(target);
        if (artifact.isEmpty()) {
            return isDocument.test(target)
                    ? responses.fetch(target, asker)
                    : failed("the edge caches nothing at this path");
        }
        return switch (artifact.get()) {
            case ArtifactPath.ByDigest(Digest digest) -> artifacts.fetch(digest, asker);
            case ArtifactPath.ByName(String path) -> byName(path, asker);
        };
    }

    private Future<Optional<String>> byName(String path, Asker asker) {
        Digest known = names.find(path);
        if (known != null) {
            return artifacts.fetch(known, asker);
        }
        return FollowedFill.onThisLoop(names.resolve(path, asker))
                .compose(
                        resolved ->
                                switch (resolved) {
                                    case Names.Resolved.Known(Digest digest) ->
                                            artifacts.fetch(digest, asker);
                                    case Names.Resolved.WithoutDigest() ->
                                            failed("the origin tells no digest of it");
                                    case Names.Resolved.Refused() ->
                                            failed("the origin does not have it");
                                    case Names.Resolved.Failed(OriginFailure why) ->
                                            failed(String.valueOf(why.getMessage()));
                                });
    }

    static Future<Optional<String>> failed(String why) {
        return Future.succeededFuture(Optional.of(why));
    }
}
