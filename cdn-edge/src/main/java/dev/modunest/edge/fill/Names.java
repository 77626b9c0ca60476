package dev.modunest.edge.fill;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.modunest.edge.origin.Asker;
import dev.modunest.edge.origin.Origin;
import dev.modunest.edge.origin.OriginFailure;
import dev.modunest.format.Digest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which digest a path by name stands for. A name is never reused, so that an answer holds for ever;
 * after a restart each name is asked for again. Thread-safe.
 */
public final class Names {

    /** What the origin says of a name. */
    public sealed interface Resolved {
        record Known(Digest digest) implements Resolved {}

        /** It has the object and tells no digest. */
        record WithoutDigest() implements Resolved {}

        /** It does not answer with 200. */
        record Refused() implements Resolved {}

        record Failed(OriginFailure why) implements Resolved {}
    }

    private final Origin origin;
    private final Cache<String, Digest> known;
    private final ConcurrentHashMap<String, Future<Resolved>> asking = new ConcurrentHashMap<>();

    public Names(Origin origin, FillSettings settings) {
        this.origin = origin;
        this.known = Caffeine.newBuilder().maximumSize(settings.maxNames()).build();
    }

    public @Nullable Digest find(String path) {
        return known.getIfPresent(path);
    }

    /** What an event has told of a name. */
    public void learn(String path, Digest digest) {
        known.put(path, digest);
    }

    /** Asks the origin by HEAD, once for all who wait. Never fails; completes on any thread. */
    public Future<Resolved> resolve(String path, Asker asker) {
        Promise<Resolved> mine = Promise.promise();
        Future<Resolved> theirs = asking.putIfAbsent(path, mine.future());
        if (theirs != null) {
            return theirs;
        }
        origin.exchange(HttpMethod.HEAD, path, asker.headers())
                .map(response -> judge(path, response))
                .otherwise(failure -> new Resolved.Failed(OriginFailure.of(failure)))
                .onComplete(
                        answered -> {
                            asking.remove(path);
                            mine.complete(answered.result());
                        });
        return mine.future();
    }

    private Resolved judge(String path, HttpClientResponse response) {
        response.resume();
        if (response.statusCode() != 200) {
            return new Resolved.Refused();
        }
        Optional<Digest> digest = ReprDigest.sha256(response.headers());
        digest.ifPresent(told -> known.put(path, told));
        return digest.<Resolved>map(Resolved.Known::new).orElseGet(Resolved.WithoutDigest::new);
    }
}
