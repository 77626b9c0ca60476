package dev.modunest.edge.serve;

import dev.modunest.edge.cache.ByteSource;
import dev.modunest.edge.cache.CacheDecision;
import dev.modunest.edge.cache.EdgeCache;
import dev.modunest.edge.cache.EdgeCache.Hit;
import dev.modunest.edge.cache.Freshness;
import dev.modunest.edge.cache.Refusals;
import dev.modunest.edge.cache.RequestDirectives;
import dev.modunest.edge.cache.ResponseHead;
import dev.modunest.edge.cache.Stamp;
import dev.modunest.edge.cache.StoredResponse;
import dev.modunest.edge.fill.BufferedResponse;
import dev.modunest.edge.fill.Fill;
import dev.modunest.edge.fill.Flights;
import dev.modunest.edge.fill.Landed;
import dev.modunest.edge.fill.Responses;
import dev.modunest.edge.origin.OriginFailure;
import dev.modunest.edge.origin.Serials;
import dev.modunest.format.Digest;
import dev.modunest.format.http.Problem;

import io.vertx.core.http.HttpClientResponse;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Responses of the origin that are no artifacts: served as long as it allows and no event has
 * outdated them, revalidated, and stale rather than not at all (RFC 9111).
 */
public final class ResponseEndpoint {

    /** A response may be outdated on its way; more often than this nobody fetches again. */
    private static final int MAX_LOOKS = 3;

    /** One range that counts from the end (RFC 9110 14.1.2). */
    private static final Pattern LAST_BYTES = Pattern.compile("(?i)bytes=-\\d{1,18}");

    private static final String LAGGING = "serial-not-reached";

    private final Responses responses;
    private final Flights flights;
    private final EdgeCache cache;
    private final ProxyEndpoint proxy;
    private final ResponseWriter writer;
    private final InstantSource clock;

    public ResponseEndpoint(
            Responses responses,
            Flights flights,
            EdgeCache cache,
            ProxyEndpoint proxy,
            ResponseWriter writer,
            InstantSource clock) {
        this.responses = responses;
        this.flights = flights;
        this.cache = cache;
        this.proxy = proxy;
        this.writer = writer;
        this.clock = clock;
    }

    /** Answers a GET or HEAD without a body. */
    public void handle(Exchange x) {
        handle(x, x.target().toString());
    }

    void handle(Exchange x, String uri) {
        handle(x, uri, 1);
    }

    ResponseWriter writer() {
        return writer;
    }

    private void handle(Exchange x, String uri, int look) {
        long minSerial = x.minSerial();
        RequestDirectives wishes = RequestDirectives.of(x.request().headers());
        StoredResponse stored = responses.find(uri, x.selectors());
        boolean recentEnough =
                stored == null
                        ? responses.hasApplied(minSerial)
                        : responses.isCurrent(stored.head(), minSerial);
        if (minSerial == Serials.MALFORMED || !recentEnough || wishes.noStore()) {
            proxy.forward(x, CacheStatus.BYPASS);
            return;
        }
        if (stored == null) {
            ask(x, uri, null, wishes, look);
            return;
        }
        CacheDecision decision = wishes.decide(stored.freshness(), clock.instant());
        if (decision == CacheDecision.REVALIDATE) {
            ask(x, uri, cache.has(stored.content().digest()) ? stored : null, wishes, look);
            return;
        }
        boolean stale = decision == CacheDecision.SERVE_AND_REVALIDATE;
        withContent(
                x,
                uri,
                stored,
                hit -> {
                    writer.write(
                            x, stored.head(), hit, stale ? CacheStatus.HIT_STALE : CacheStatus.HIT);
                    if (stale) {
                        flights.fetch(uri, stored, null, x.selectors(), x.asker(), _ -> {});
                    }
                },
                () -> ask(x, uri, null, wishes, look));
    }

    /** The content of a stored response, or {@code gone} after it has been forgotten. */
    private void withContent(
            Exchange x, String uri, StoredResponse stored, Consumer<Hit> present, Runnable gone) {
        Digest digest = stored.content().digest();
        Hit now = cache.findNow(digest);
        if (now != null) {
            present.accept(now);
        } else if (cache.has(digest)) {
            x.on(
                    cache.find(digest),
                    found -> {
                        if (found.succeeded() && found.result().isPresent()) {
                            present.accept(found.result().get());
                        } else {
                            responses.remove(uri, stored);
                            gone.run();
                        }
                    });
        } else {
            responses.remove(uri, stored);
            gone.run();
        }
    }

    private void ask(
            Exchange x,
            String uri,
            @Nullable StoredResponse stale,
            RequestDirectives wishes,
            int look) {
        if (wishes.onlyIfCached()) {
            x.cacheStatus(CacheStatus.MISS_PASSED);
            x.problem(
                    504,
                    "not-cached",
                    "There is no stored response",
                    "The request allows a stored response alone (only-if-cached), and there is none"
                            + " that is fresh; send it without that directive.");
            return;
        }
        boolean cutByOrigin =
                responses.isUncacheable(uri) && x.request().headers().contains("Range");
        if (look > MAX_LOOKS || cutByOrigin) {
            proxy.forward(x, CacheStatus.MISS_PASSED);
            return;
        }
        Flights.Joined flight =
                flights.fetch(uri, stale, part(x, stale), x.selectors(), x.asker(), x::interim);
        x.on(
                flight.landed(),
                landed -> {
                    if (!x.isGone()) {
                        landed(x, uri, stale, flight.leading(), landed.result(), look);
                    }
                });
    }

    /**
     * The range that the origin is asked for in the place of the whole: the last bytes, for which
     * the client would wait until all before them had come, and what is stored already as a part.
     */
    private @Nullable String part(Exchange x, @Nullable StoredResponse stale) {
        String range = x.selectors().get("Range");
        boolean asPart =
                stale == null
                        ? responses.policy().forwardsFields()
                                && range != null
                                && LAST_BYTES.matcher(range).matches()
                                && !x.request().headers().contains("If-Range")
                        : stale.head().status() == 206;
        return asPart ? range : null;
    }

    private void landed(
            Exchange x,
            String uri,
            @Nullable StoredResponse stale,
            boolean leading,
            Landed landed,
            int look) {
        switch (landed) {
            case Landed.Stored(StoredResponse stored, boolean revalidated)
                    when isFor(x, uri, stored.head(), stored.content().size()) ->
                    withContent(
                            x,
                            uri,
                            stored,
                            hit ->
                                    writer.write(
                                            x,
                                            stored.head(),
                                            hit,
                                            status(stale, leading, revalidated)),
                            () -> handle(x, uri, look + 1));
            case Landed.Flowing(ResponseHead head, long size, long age, Fill fill)
                    when isFor(x, uri, head, size) && fill.lease() ->
                    writer.writeFilling(
                            x,
                            head,
                            size,
                            age(leading, age, head),
                            fill,
                            statusOf(fill, stale, leading));
            case Landed.Stored _, Landed.Flowing _ -> handle(x, uri, look + 1);
            case Landed.Errored(BufferedResponse response) -> errored(x, uri, stale, response);
            case Landed.Passed(HttpClientResponse response) ->
                    proxy.answer(x, response, CacheStatus.MISS_PASSED);
            case Landed.Uncacheable(), Landed.Contradicted() ->
                    proxy.forward(x, CacheStatus.MISS_PASSED);
            case Landed.Failed(OriginFailure why) -> {
                if (stale != null
                        && stale.freshness().servableWhenGone(clock.instant())
                        && responses.isCurrent(stale.head(), x.minSerial())) {
                    standIn(x, uri, stale, () -> x.originFailed(why, CacheStatus.MISS_PASSED));
                } else {
                    x.originFailed(why, CacheStatus.MISS_PASSED);
                }
            }
        }
    }

    /** The {@code Age} to tell: the origin's to who has asked it. */
    private long age(boolean leading, long told, ResponseHead head) {
        return leading && told >= 0 ? told : writer.age(head);
    }

    private boolean isFor(Exchange x, String uri, ResponseHead head, long size) {
        return head.answers(x.selectors(), size) && responses.isFresh(uri, head, x.minSerial());
    }

    private void errored(
            Exchange x, String uri, @Nullable StoredResponse stale, BufferedResponse response) {
        if (stale != null && servesOnError(x, stale)) {
            standIn(x, uri, stale, () -> write(x, response, CacheStatus.MISS_PASSED));
        } else if (x.minSerial() == 0 && isLagging(response)) {
            // The edge asked for more than the client did.
            proxy.forward(x, CacheStatus.MISS_PASSED);
        } else {
            write(x, response, CacheStatus.MISS_PASSED);
        }
    }

    /** Serves a stale response in the place of the origin's. */
    private void standIn(Exchange x, String uri, StoredResponse stale, Runnable otherwise) {
        withContent(
                x,
                uri,
                stale,
                hit -> writer.write(x, stale.head(), hit, CacheStatus.STALE_ON_ERROR),
                otherwise);
    }

    private boolean servesOnError(Exchange x, StoredResponse stale) {
        return stale.freshness().servableOnError(clock.instant())
                && responses.isCurrent(stale.head(), x.minSerial());
    }

    /** Whether what the edge has shows at least what the client has seen already. */
    boolean hasApplied(Exchange x) {
        long minSerial = x.minSerial();
        return minSerial == 0
                || (minSerial != Serials.MALFORMED && responses.hasApplied(minSerial));
    }

    /** Serves the response of {@code uri} if there is a fresh one in memory. */
    boolean serveIfFresh(Exchange x, String uri) {
        StoredResponse stored = responses.find(uri, x.request().headers());
        if (stored == null || stored.freshness().decide(clock.instant()) != CacheDecision.FRESH) {
            return false;
        }
        Hit hit = cache.findNow(stored.content().digest());
        if (hit != null) {
            writer.write(x, stored.head(), hit, CacheStatus.HIT);
        }
        return hit != null;
    }

    /** Refuses a withdrawn artifact with the origin's answer, or in its stead when it has none. */
    void withdrawn(Exchange x, String uri, Digest digest, Refusals.Kind kind) {
        if (serveIfFresh(x, uri)) {
            return;
        }
        Flights.Joined flight = flights.fetchRefusal(uri, digest, x.asker());
        x.on(
                flight.landed(),
                landed -> {
                    if (x.isGone()) {
                        return;
                    }
                    if (landed.result() instanceof Landed.Errored(BufferedResponse refusal)) {
                        write(x, refusal, status(null, flight.leading(), false));
                    } else {
                        refuse(x, digest, kind);
                    }
                });
    }

    private static void refuse(Exchange x, Digest digest, Refusals.Kind kind) {
        x.cacheStatus(CacheStatus.MISS_PASSED);
        x.response().putHeader("Cache-Control", "no-store");
        x.problem(
                kind.status(),
                kind.code(),
                kind.title(),
                switch (kind) {
                    case QUARANTINED, DELETED ->
                            digest
                                    + " is no longer served; its line in GET"
                                    + " /index/{namespace}/{name} tells the reason. Take another"
                                    + " release.";
                    case HIDDEN ->
                            "No artifact has the digest "
                                    + digest
                                    + "; GET /index/{namespace}/{name} lists the releases and"
                                    + " their digests.";
                });
    }

    /** Hands on the origin's refusal of an artifact, and remembers that there is none. */
    void refused(Exchange x, String uri, BufferedResponse response, Stamp stamp, boolean leading) {
        Freshness freshness = responses.negative(response);
        boolean negative = Freshness.isNegative(response.status());
        if (negative && freshness.decide(clock.instant()) == CacheDecision.FRESH) {
            responses.store(uri, response, freshness, stamp);
        }
        CacheStatus shared = leading ? CacheStatus.MISS : CacheStatus.COLLAPSED;
        write(x, response, negative ? shared : CacheStatus.MISS_PASSED);
    }

    private static boolean isLagging(BufferedResponse response) {
        return response.status() == 503
                && Problem.read(response.body().getBytes())
                        .filter(problem -> problem.code().equals(LAGGING))
                        .isPresent();
    }

    private static CacheStatus statusOf(
            Fill fill, @Nullable StoredResponse stale, boolean leading) {
        return !leading && fill.state() == ByteSource.State.WHOLE
                ? CacheStatus.HIT
                : status(stale, leading, false);
    }

    private static CacheStatus status(
            @Nullable StoredResponse stale, boolean leading, boolean revalidated) {
        if (revalidated) {
            return CacheStatus.REVALIDATED;
        }
        if (stale != null) {
            return CacheStatus.REPLACED;
        }
        return leading ? CacheStatus.MISS : CacheStatus.COLLAPSED;
    }

    private static void write(Exchange x, BufferedResponse response, CacheStatus status) {
        dev.modunest.edge.cache.Fields.of(response.fields()).addTo(x.response().headers());
        x.cacheStatus(status);
        x.response().putHeader("Age", Long.toString(Freshness.age(response.fields())));
        x.response().setStatusCode(response.status());
        x.end(response.body());
    }
}
