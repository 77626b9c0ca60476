package dev.modunest.edge.fill;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.modunest.edge.cache.CacheKey;
import dev.modunest.edge.cache.Document;
import dev.modunest.edge.cache.DocumentScope;
import dev.modunest.edge.cache.Freshness;
import dev.modunest.edge.cache.MemoryTier;
import dev.modunest.edge.cache.Purges;
import dev.modunest.edge.cache.Refusals;
import dev.modunest.edge.cache.Stamp;
import dev.modunest.edge.origin.Asker;
import dev.modunest.edge.origin.Origin;
import dev.modunest.edge.origin.OriginFailure;
import dev.modunest.edge.origin.Serials;
import dev.modunest.format.Digest;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Fetches and revalidates documents, one flight per URI. Thread-safe. */
public final class Documents {

    /** How a flight ended. */
    public sealed interface Landed {

        /**
         * The document is stored, unless an event outdated it on its way; {@code revalidated}: by a
         * 304.
         */
        record Stored(Document document, boolean revalidated) implements Landed {}

        /** The origin answered with a 5xx. */
        record Errored(Document response) implements Landed {}

        /**
         * The origin has an answer where it should have none, so that it lags behind its events.
         */
        record Contradicted() implements Landed {}

        /** The response may not be shared; everyone asks the origin for themselves. */
        record Uncacheable() implements Landed {}

        /** The origin failed. */
        record Failed(OriginFailure why) implements Landed {}
    }

    /** A place in a flight. */
    public record Joined(Future<Landed> landed, boolean leading) {}

    private static final int TOO_MANY_REQUESTS = 429;

    private final Origin origin;
    private final MemoryTier memory;
    private final Purges purges;
    private final Refusals refusals;
    private final DocumentSettings settings;
    private final InstantSource clock;
    private final Cache<String, Boolean> uncacheable;
    private final ConcurrentHashMap<String, Future<Landed>> flights = new ConcurrentHashMap<>();

    public Documents(
            Origin origin,
            MemoryTier memory,
            Purges purges,
            Refusals refusals,
            DocumentSettings settings,
            InstantSource clock) {
        this.origin = origin;
        this.memory = memory;
        this.purges = purges;
        this.refusals = refusals;
        this.settings = settings;
        this.clock = clock;
        this.uncacheable =
                Caffeine.newBuilder()
                        .maximumSize(settings.maxUncacheable())
                        .expireAfterWrite(settings.uncacheableAge())
                        .build();
    }

    /** What is stored of {@code uri} and has not been outdated since. */
    public @Nullable Document find(String uri) {
        CacheKey.OfDocument key = new CacheKey.OfDocument(uri);
        Document stored = memory.document(key);
        if (stored == null || purges.isCurrent(stored.stamp(), 0)) {
            return stored;
        }
        memory.purge(key, stored);
        return null;
    }

    /** Whether {@code document} shows at least the state of {@code minSerial}, and is current. */
    public boolean isCurrent(Document document, long minSerial) {
        return purges.isCurrent(document.stamp(), minSerial);
    }

    /** Whether what is fetched now will be current at {@code minSerial}. */
    public boolean hasApplied(long minSerial) {
        return purges.applied() >= minSerial;
    }

    /** For a fetch that begins now and may end in a refusal. */
    Stamp begin() {
        return purges.begin(DocumentScope.ANY_CHANGE);
    }

    /** A refusal of the origin as a document. */
    Document refusal(HttpClientResponse response, Buffer body, Stamp begun) {
        Freshness freshness =
                Freshness.negative(response.headers(), clock.instant(), settings.negativeAge());
        return Document.of(response.statusCode(), response.headers(), body, freshness, begun);
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
    public Joined fetch(String uri, @Nullable Document stale, Asker asker) {
        Stamp begun = purges.begin(DocumentScope.of(uri));
        MultiMap headers = asker.headersWithClient();
        if (begun.serial() > 0) {
            headers.add(Serials.MIN, Long.toString(begun.serial()));
        }
        String tag = stale == null ? null : stale.header("ETag");
        if (tag != null) {
            headers.add("If-None-Match", tag);
        }
        return fly(uri, headers, response -> land(uri, stale, begun, response));
    }

    /**
     * As {@link #fetch} for the path of an artifact that is withdrawn: the origin's refusal is kept
     * until an event says otherwise, whatever its {@code Cache-Control}.
     */
    public Joined fetchRefusal(String uri, Digest withdrawn, Asker asker) {
        Stamp begun = purges.begin(DocumentScope.NAMED);
        return fly(
                uri,
                asker.headersWithClient(),
                response -> landRefusal(uri, withdrawn, begun, response));
    }

    private Joined fly(
            String uri, MultiMap headers, Function<HttpClientResponse, Future<Landed>> land) {
        Promise<Landed> mine = Promise.promise();
        Future<Landed> theirs = flights.putIfAbsent(uri, mine.future());
        if (theirs != null) {
            return new Joined(theirs, false);
        }
        origin.exchangeHedged(uri, headers)
                .compose(land)
                .otherwise(failure -> new Landed.Failed(OriginFailure.of(failure)))
                .onComplete(
                        landed -> {
                            flights.remove(uri);
                            mine.complete(landed.result());
                        });
        return new Joined(mine.future(), true);
    }

    private Future<Landed> landRefusal(
            String uri, Digest withdrawn, Stamp begun, HttpClientResponse response) {
        int status = response.statusCode();
        if (status < 400 || status >= 500) {
            BoundedBody.cancel(response, "not the refusal that the events tell of");
            return Future.succeededFuture(new Landed.Contradicted());
        }
        return read(response, Freshness.untilRemoved(clock.instant()), begun)
                .map(
                        read -> {
                            read.ifPresent(
                                    refusal ->
                                            refusals.ifRefused(
                                                    withdrawn, () -> store(uri, refusal)));
                            return read.<Landed>map(refusal -> new Landed.Stored(refusal, false))
                                    .orElseGet(Landed.Uncacheable::new);
                        });
    }

    private Future<Landed> land(
            String uri, @Nullable Document stale, Stamp begun, HttpClientResponse response) {
        Stamp stamp = begun.showing(Serials.shown(response.headers(), begun.serial()));
        if (response.statusCode() == 304 && stale != null) {
            response.resume();
            return Future.succeededFuture(refreshed(uri, stale, response.headers(), stamp));
        }
        if (response.statusCode() >= 500) {
            Freshness none = Freshness.negative(response.headers(), clock.instant(), Duration.ZERO);
            return read(response, none, stamp)
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
        if (response.statusCode() == TOO_MANY_REQUESTS) {
            // Of the client who leads alone: the others ask for themselves, and the document
            // stays cacheable.
            BoundedBody.cancel(response, "the client who leads asks too often");
            return Future.succeededFuture(new Landed.Uncacheable());
        }
        if (freshness.isEmpty()) {
            BoundedBody.cancel(response, "may not be stored");
            return Future.succeededFuture(notCacheable(uri));
        }
        return read(response, freshness.get(), stamp)
                .map(
                        read ->
                                read.map(document -> stored(uri, document, false))
                                        .orElseGet(() -> notCacheable(uri)));
    }

    private Future<Optional<Document>> read(
            HttpClientResponse response, Freshness freshness, Stamp stamp) {
        return BoundedBody.read(response, settings.maxSize().bytes())
                .map(
                        body ->
                                body.map(
                                        bytes ->
                                                Document.of(
                                                        response.statusCode(),
                                                        response.headers(),
                                                        bytes,
                                                        freshness,
                                                        stamp)));
    }

    private Landed refreshed(String uri, Document stale, MultiMap newer, Stamp stamp) {
        MultiMap merged = MultiMap.caseInsensitiveMultiMap();
        for (Map.Entry<String, String> header : stale.headers()) {
            merged.add(header.getKey(), header.getValue());
        }
        for (String name : newer.names()) {
            merged.set(name, newer.getAll(name));
        }
        return Freshness.of(stale.status(), merged, clock.instant(), settings.negativeAge())
                .map(freshness -> stored(uri, stale.refreshed(newer, freshness, stamp), true))
                .orElseGet(() -> notCacheable(uri));
    }

    private Landed stored(String uri, Document document, boolean revalidated) {
        if (isCurrent(document, 0)) {
            store(uri, document);
        }
        return new Landed.Stored(document, revalidated);
    }

    private Landed notCacheable(String uri) {
        uncacheable.put(uri, Boolean.TRUE);
        return new Landed.Uncacheable();
    }
}
