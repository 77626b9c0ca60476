package dev.modunest.edge.serve;

import dev.modunest.edge.cache.CacheControl;
import dev.modunest.edge.cache.CacheDecision;
import dev.modunest.edge.cache.Document;
import dev.modunest.edge.cache.Freshness;
import dev.modunest.edge.cache.Refusals;
import dev.modunest.edge.fill.Documents;
import dev.modunest.edge.origin.EndToEndHeaders;
import dev.modunest.edge.origin.OriginFailure;
import dev.modunest.edge.origin.Serials;
import dev.modunest.format.Digest;
import dev.modunest.format.http.EntityTags;
import dev.modunest.format.http.Problem;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerResponse;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/**
 * Metadata: served as long as the origin allows and no event has outdated it, revalidated, and
 * stale rather than not at all.
 */
public final class DocumentEndpoint {

    /** A document may be outdated on its way; more often than this nobody fetches again. */
    private static final int MAX_LOOKS = 3;

    private static final String LAGGING = "serial-not-reached";

    private final Documents documents;
    private final ProxyEndpoint proxy;
    private final InstantSource clock;

    public DocumentEndpoint(Documents documents, ProxyEndpoint proxy, InstantSource clock) {
        this.documents = documents;
        this.proxy = proxy;
        this.clock = clock;
    }

    public void handle(Exchange x) {
        handle(x, x.target().toString());
    }

    void handle(Exchange x, String uri) {
        handle(x, uri, 1);
    }

    private static Documents.Asker asker(Exchange x) {
        return new Documents.Asker(x.requestId(), x.forwardedFor());
    }

    private void handle(Exchange x, String uri, int look) {
        long minSerial = x.minSerial();
        Document stored = documents.find(uri);
        boolean recentEnough =
                stored == null
                        ? documents.hasApplied(minSerial)
                        : documents.isCurrent(stored, minSerial);
        if (minSerial == Serials.MALFORMED || !recentEnough) {
            proxy.forward(x, CacheStatus.BYPASS);
            return;
        }
        if (stored != null && !wantsRevalidation(x)) {
            switch (stored.freshness().decide(clock.instant())) {
                case FRESH -> {
                    write(x, stored, CacheStatus.HIT);
                    return;
                }
                case SERVE_AND_REVALIDATE -> {
                    write(x, stored, CacheStatus.HIT_STALE);
                    documents.fetch(uri, stored, asker(x));
                    return;
                }
                case REVALIDATE -> {}
            }
        }
        if (stored == null && documents.isUncacheable(uri)) {
            proxy.forward(x, CacheStatus.MISS_PASSED);
            return;
        }
        Documents.Joined flight = documents.fetch(uri, stored, asker(x));
        x.on(
                flight.landed(),
                landed -> {
                    if (x.isGone()) {
                        return;
                    }
                    if (!(landed.result() instanceof Documents.Landed.Stored(Document fetched, _))
                            || documents.isCurrent(fetched, minSerial)) {
                        landed(x, stored, flight.leading(), landed.result());
                    } else if (look < MAX_LOOKS) {
                        handle(x, uri, look + 1);
                    } else {
                        proxy.forward(x, CacheStatus.MISS_PASSED);
                    }
                });
    }

    /** Whether what the edge has shows at least what the client has seen already. */
    boolean hasApplied(Exchange x) {
        long minSerial = x.minSerial();
        return minSerial == 0
                || (minSerial != Serials.MALFORMED && documents.hasApplied(minSerial));
    }

    /** Serves the document of {@code uri} if there is a fresh one. */
    boolean serveIfFresh(Exchange x, String uri) {
        Document stored = documents.find(uri);
        if (stored == null || stored.freshness().decide(clock.instant()) != CacheDecision.FRESH) {
            return false;
        }
        write(x, stored, CacheStatus.HIT);
        return true;
    }

    /** Refuses a withdrawn artifact with the origin's answer, or in its stead when it has none. */
    void withdrawn(Exchange x, String uri, Digest digest, Refusals.Kind kind) {
        if (serveIfFresh(x, uri)) {
            return;
        }
        Documents.Joined flight = documents.fetchRefusal(uri, digest, asker(x));
        x.on(
                flight.landed(),
                landed -> {
                    if (x.isGone()) {
                        return;
                    }
                    if (landed.result() instanceof Documents.Landed.Stored(Document refusal, _)) {
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
    void refused(Exchange x, String uri, Document response, CacheStatus status) {
        boolean negative = Freshness.isNegative(response.status());
        if (negative && response.freshness().decide(clock.instant()) == CacheDecision.FRESH) {
            documents.store(uri, response);
        }
        write(x, response, negative ? status : CacheStatus.MISS_PASSED);
    }

    private void landed(
            Exchange x, @Nullable Document stale, boolean leading, Documents.Landed landed) {
        switch (landed) {
            case Documents.Landed.Stored(Document document, boolean revalidated) ->
                    write(x, document, status(stale, leading, revalidated));
            case Documents.Landed.Errored(Document response) -> {
                if (stale != null && servesOnError(x, stale)) {
                    write(x, stale, CacheStatus.STALE_ON_ERROR);
                } else if (x.minSerial() == 0 && isLagging(response)) {
                    // The edge asked for more than the client did.
                    proxy.forward(x, CacheStatus.MISS_PASSED);
                } else {
                    write(x, response, CacheStatus.MISS_PASSED);
                }
            }
            case Documents.Landed.Uncacheable(), Documents.Landed.Contradicted() ->
                    proxy.forward(x, CacheStatus.MISS_PASSED);
            case Documents.Landed.Failed(OriginFailure why) -> {
                if (stale != null && servesOnError(x, stale)) {
                    write(x, stale, CacheStatus.STALE_ON_ERROR);
                } else {
                    x.originFailed(why, CacheStatus.MISS_PASSED);
                }
            }
        }
    }

    private boolean servesOnError(Exchange x, Document stale) {
        return stale.freshness().servableOnError(clock.instant())
                && documents.isCurrent(stale, x.minSerial());
    }

    private static boolean isLagging(Document response) {
        return response.status() == 503
                && Problem.read(response.body().getBytes())
                        .filter(problem -> problem.code().equals(LAGGING))
                        .isPresent();
    }

    private static CacheStatus status(
            @Nullable Document stale, boolean leading, boolean revalidated) {
        if (revalidated) {
            return CacheStatus.REVALIDATED;
        }
        if (stale != null) {
            return CacheStatus.REPLACED;
        }
        return leading ? CacheStatus.MISS : CacheStatus.COLLAPSED;
    }

    private void write(Exchange x, Document document, CacheStatus status) {
        HttpServerResponse response = x.response();
        Instant now = clock.instant();
        @Nullable String tag = document.header("ETag");
        @Nullable String noneMatch = x.request().getHeader("If-None-Match");
        MultiMap stored = MultiMap.caseInsensitiveMultiMap();
        for (Map.Entry<String, String> header : document.headers()) {
            stored.add(header.getKey(), header.getValue());
        }
        boolean notModified =
                document.status() == 200
                        && tag != null
                        && noneMatch != null
                        && EntityTags.matchesWeakly(noneMatch, tag);
        if (notModified) {
            stored.remove("Content-Type").remove("Last-Modified");
        }
        EndToEndHeaders.copy(stored, response.headers());
        x.cacheStatus(status);
        response.putHeader("Age", Long.toString(document.freshness().ageSeconds(now)));
        if (notModified) {
            response.setStatusCode(304).end();
        } else {
            response.setStatusCode(document.status());
            x.end(document.body());
        }
    }

    private static boolean wantsRevalidation(Exchange x) {
        return x.request().headers().contains("Cache-Control")
                && CacheControl.parse(x.request().headers().getAll("Cache-Control"))
                        .has("no-cache");
    }
}
