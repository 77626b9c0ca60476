package dev.modunest.edge.fill;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.modunest.edge.cache.CachePolicy;
import dev.modunest.edge.cache.Content;
import dev.modunest.edge.cache.DocumentScope;
import dev.modunest.edge.cache.EdgeCache;
import dev.modunest.edge.cache.Freshness;
import dev.modunest.edge.cache.Purges;
import dev.modunest.edge.cache.ResponseHead;
import dev.modunest.edge.cache.ResponseTable;
import dev.modunest.edge.cache.Stamp;
import dev.modunest.edge.cache.StoredArtifact;
import dev.modunest.edge.cache.StoredResponse;
import dev.modunest.edge.cache.Vary;
import dev.modunest.edge.origin.Serials;
import dev.modunest.format.Digest;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is stored of the origin's responses, and whether it may be used. Thread-safe. */
public final class Responses {

    private final ResponseTable table;
    private final EdgeCache cache;
    private final Purges purges;
    private final CachePolicy policy;
    private final InstantSource clock;

    /** URIs that have lately been found not to be cacheable. */
    private final Cache<String, Boolean> uncacheable;

    /** By which fields the origin has lately chosen the response of a URI. */
    private final Cache<String, Vary> varies;

    public Responses(
            ResponseTable table,
            EdgeCache cache,
            Purges purges,
            CachePolicy policy,
            ResponseSettings settings,
            InstantSource clock) {
        this.table = table;
        this.cache = cache;
        this.purges = purges;
        this.policy = policy;
        this.clock = clock;
        this.uncacheable =
                Caffeine.newBuilder()
                        .maximumSize(settings.maxUncacheable())
                        .expireAfterWrite(settings.uncacheableAge())
                        .build();
        this.varies = Caffeine.newBuilder().maximumSize(settings.maxUncacheable()).build();
    }

    /** What is stored for a request and has not been outdated since. */
    public @Nullable StoredResponse find(String uri, MultiMap request) {
        StoredResponse stored = table.find(uri, request);
        if (stored == null || purges.isCurrent(stored.head().stamp(), 0)) {
            return stored;
        }
        table.remove(uri, stored);
        return null;
    }

    /** Whether {@code head} shows at least the state of {@code minSerial}, and is current. */
    public boolean isCurrent(ResponseHead head, long minSerial) {
        return purges.isCurrent(head.stamp(), minSerial);
    }

    /**
     * Whether what a flight has brought of {@code uri} may be given to one who asks for {@code
     * minSerial}: neither an event nor a purge by name has outdated it on its way.
     */
    public boolean isFresh(String uri, ResponseHead head, long minSerial) {
        return isCurrent(head, minSerial) && !isPurged(uri, head);
    }

    boolean isPurged(String uri, ResponseHead head) {
        return purges.isPurged(uri, head);
    }

    /** Whether what is fetched now will be current at {@code minSerial}. */
    public boolean hasApplied(long minSerial) {
        return purges.applied() >= minSerial;
    }

    public CachePolicy policy() {
        return policy;
    }

    /** Whether {@code uri} has lately been found not to be cacheable. */
    public boolean isUncacheable(String uri) {
        return uncacheable.getIfPresent(uri) != null;
    }

    /** Removes what is stored of {@code uri}. */
    public boolean invalidate(String uri) {
        return table.remove(uri);
    }

    /** Removes a response whose content is gone. */
    public void remove(String uri, StoredResponse response) {
        table.remove(uri, response);
    }

    /** Stores a small response that was read whole, for as long as {@code freshness} says. */
    public StoredResponse store(
            String uri, BufferedResponse response, Freshness freshness, Stamp stamp) {
        ResponseHead head =
                new ResponseHead(
                        response.status(),
                        dev.modunest.edge.cache.Fields.of(response.fields()),
                        freshness,
                        stamp,
                        Vary.NONE,
                        List.of());
        return store(uri, head, response);
    }

    /** As above, as the response to {@code request}. */
    void store(
            String uri,
            MultiMap request,
            BufferedResponse response,
            Freshness freshness,
            Stamp stamp) {
        ResponseHead head =
                ResponseHead.of(response.status(), response.fields(), request, freshness, stamp);
        store(uri, head, response);
    }

    private StoredResponse store(String uri, ResponseHead head, BufferedResponse response) {
        Buffer body = response.body();
        ByteBuffer bytes = ByteBuffer.allocateDirect(body.length());
        bytes.put(0, body.getBytes());
        Instant now = clock.instant();
        StoredArtifact object =
                new StoredArtifact(Digest.ofBytes(body.getBytes()), body.length(), now, now);
        StoredResponse stored = new StoredResponse(head, object);
        try {
            cache.remember(Content.of(object, bytes), cache.refusals().epoch());
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory does no I/O", impossible);
        }
        purges.admit(uri, stored, kept -> table.insert(uri, kept));
        return stored;
    }

    /** A refusal of the origin lives shortly. */
    public Freshness negative(BufferedResponse refusal) {
        return Freshness.negative(refusal.fields(), clock.instant(), policy.negativeAge());
    }

    /** For a fetch that begins now and is outdated by its name alone. */
    Stamp beginNamed() {
        return purges.begin(DocumentScope.NAMED);
    }

    /** For a fetch of {@code uri} that begins now. */
    Stamp begin(String uri) {
        return purges.begin(DocumentScope.of(uri));
    }

    /** What is asked for by requests that may share one response. */
    String variant(String uri, MultiMap request) {
        Vary vary = varies.getIfPresent(uri);
        return vary == null ? uri : uri + '\n' + String.join("\n", vary.select(request));
    }

    /** What may be done with the response to a request; remembers by what it was chosen. */
    Optional<Freshness> judge(
            String uri, int status, MultiMap response, boolean authorized, Instant asked) {
        Vary vary = Vary.of(response);
        if (!vary.names().isEmpty()) {
            varies.put(uri, vary);
        }
        return Freshness.of(
                policy,
                status,
                response,
                authorized,
                new Freshness.Received(asked, clock.instant()));
    }

    /** Stores a fetched response; false when a purge by name has dropped it on its way. */
    boolean insert(String uri, StoredResponse response) {
        return !isCurrent(response.head(), 0)
                || purges.admit(uri, response, kept -> table.insert(uri, kept));
    }

    /** Drops a content that no stored response has. Blocks. */
    void forget(Digest content) {
        table.unreferenced(Set.of(content)).forEach(cache::drop);
    }

    /** The stored response after a 304; no longer stored when the origin forbids it now. */
    StoredResponse refreshed(
            String uri, StoredResponse stale, MultiMap newer, Stamp begun, Instant asked) {
        MultiMap merged = stale.head().fields().updated(newer).toMultiMap();
        if (!newer.contains("Date")) {
            merged.remove("Date");
        }
        if (newer.contains("Age")) {
            merged.set("Age", newer.getAll("Age"));
        }
        Optional<Freshness> freshness = judge(uri, stale.head().status(), merged, false, asked);
        StoredResponse refreshed =
                stale.refreshed(
                        newer,
                        freshness.orElse(
                                Freshness.negative(
                                        newer, clock.instant(), java.time.Duration.ZERO)),
                        begun.showing(Serials.shown(newer, begun.serial())));
        if (freshness.isPresent()) {
            insert(uri, refreshed);
        } else {
            table.remove(uri, stale);
            uncacheable(uri);
        }
        return refreshed;
    }

    void uncacheable(String uri) {
        uncacheable.put(uri, Boolean.TRUE);
    }

    Instant now() {
        return clock.instant();
    }
}
