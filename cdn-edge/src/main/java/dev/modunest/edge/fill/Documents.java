package dev.modunest.edge.fill;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.modunest.edge.cache.CacheKey;
import dev.modunest.edge.cache.Document;
import dev.modunest.edge.cache.Freshness;
import dev.modunest.edge.cache.MemoryTier;
import dev.modunest.edge.origin.Origin;
import dev.modunest.edge.origin.OriginFailure;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Fetches and revalidates documents, one flight per URI. Thread-safe. */
public final class Documents {

    /** How a flight ended. */
    public sealed interface Landed {

        /** The document is stored; {@code revalidated}: by a 304. */
        record Stored(Document document, boolean revalidated) implements Landed {}

        /** The origin answered with a 5xx. */
        record Errored(Document response) implements Landed {}

        /** The response may not be shared; everyone asks the origin for themselves. */
        record Uncacheable() implements Landed {}

        /** The origin failed. */
        record Failed(OriginFailure why) implements Landed {}
    }

    /** A place in a flight. */
    public record Joined(Future<Landed> landed, boolean leading) {}

    private final Origin origin;
    private final MemoryTier memory;
    private final DocumentSettings settings;
    private final InstantSource clock;
    private final Cache<String, Boolean> uncacheable;
    private final ConcurrentHashMap<String, Future<Landed>> flights = new ConcurrentHashMap<>();

    public Documents(
            Origin origin, MemoryTier memory, DocumentSettings settings, InstantSource clock) {
        this.origin = origin;
        this.memory = memory;
        this.settings = settings;
        this.clock = clock;
        this.uncacheable =
                Caffeine.newBuilder()
                        .maximumSize(settings.maxUncacheable())
                        .expireAfterWrite(settings.uncacheableAge())
                        .build();
    }

    public @Nullable Document find(String uri) {
        return memory.document(new CacheKey.OfDocument(uri));
    }

    /** Whether {@code uri} has lately been found not to be cacheable. */
    public boolean isUncacheable(String uri) {
        return uncacheable.getIfPresent(uri) != null;
    }

    public void store(String uri, Document document) {
        memory.insert(new CacheKey.OfDocument(uri), document);
    }

    /**
     * Joins the flight of {@code uri} or starts it; its future never fails and completes on any
     * thread.
     */
    public Joined fetch(String uri, @Nullable Document stale, String requestId) {
        Promise<Landed> mine = Promise.promise();
        Future<Landed> theirs = flights.putIfAbsent(uri, mine.future());
        if (theirs != null) {
            return new Joined(theirs, false);
        }
        MultiMap headers =
                MultiMap.caseInsensitiveMultiMap()
                        .add("Via", "1.1 modunest-edge")
                        .add("X-Request-Id", requestId);
        String tag = stale == null ? null : stale.header("ETag");
        if (tag != null) {
            headers.add("If-None-Match", tag);
        }
        origin.exchange(HttpMethod.GET, uri, headers)
                .compose(response -> land(uri, stale, response))
                .otherwise(failure -> new Landed.Failed(OriginFailure.of(failure)))
                .onComplete(
                        landed -> {
                            flights.remove(uri);
                            mine.complete(landed.result());
                        });
        return new Joined(mine.future(), true);
    }

    private Future<Landed> land(String uri, @Nullable Document stale, HttpClientResponse response) {
        if (response.statusCode() == 304 && stale != null) {
            response.resume();
            return Future.succeededFuture(refreshed(uri, stale, response.headers()));
        }
        if (response.statusCode() >= 500) {
            Freshness none = Freshness.negative(response.headers(), clock.instant(), Duration.ZERO);
            return read(response, none)
                    .map(
                            read ->
                                    read.<Landed>map(Landed.Errored::new)
                                            .orElseGet(Landed.Uncacheable::new));
        }
        Optional<Freshness> freshness =
                Freshness.of(
                        response.statusCode(),
                        response.headers(),
                        clock.instant(),
                        settings.negativeAge());
        if (freshness.isEmpty()) {
            BoundedBody.cancel(response, "may not be stored");
            return Future.succeededFuture(notCacheable(uri));
        }
        return read(response, freshness.get())
                .map(
                        read ->
                                read.map(document -> stored(uri, document, false))
                                        .orElseGet(() -> notCacheable(uri)));
    }

    private Future<Optional<Document>> read(HttpClientResponse response, Freshness freshness) {
        return BoundedBody.read(response, settings.maxSize().bytes())
                .map(
                        body ->
                                body.map(
                                        bytes ->
                                                Document.of(
                                                        response.statusCode(),
                                                        response.headers(),
                                                        bytes,
                                                        freshness)));
    }

    private Landed refreshed(String uri, Document stale, MultiMap newer) {
        MultiMap merged = MultiMap.caseInsensitiveMultiMap();
        for (Map.Entry<String, String> header : stale.headers()) {
            merged.add(header.getKey(), header.getValue());
        }
        for (String name : newer.names()) {
            merged.set(name, newer.getAll(name));
        }
        return Freshness.of(stale.status(), merged, clock.instant(), settings.negativeAge())
                .map(freshness -> stored(uri, stale.refreshed(newer, freshness), true))
                .orElseGet(() -> notCacheable(uri));
    }

    private Landed stored(String uri, Document document, boolean revalidated) {
        store(uri, document);
        return new Landed.Stored(document, revalidated);
    }

    private Landed notCacheable(String uri) {
        uncacheable.put(uri, Boolean.TRUE);
        return new Landed.Uncacheable();
    }
}
