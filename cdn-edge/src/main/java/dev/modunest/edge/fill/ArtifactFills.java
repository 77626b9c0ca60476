package dev.modunest.edge.fill;

import dev.modunest.edge.access.ArtifactAccess;
import dev.modunest.edge.access.EdgeCredential;
import dev.modunest.edge.cache.CacheControl;
import dev.modunest.edge.cache.EdgeCache;
import dev.modunest.edge.cache.Freshness;
import dev.modunest.edge.cache.HttpDate;
import dev.modunest.edge.cache.Stamp;
import dev.modunest.edge.cache.StoredArtifact;
import dev.modunest.edge.counts.DownloadCounter;
import dev.modunest.edge.origin.Asker;
import dev.modunest.edge.origin.BoundedBody;
import dev.modunest.edge.origin.Origin;
import dev.modunest.edge.origin.OriginFailure;
import dev.modunest.format.Digest;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The running fills of artifacts: one per digest, and one more while the object is asked for as
 * everybody may have it and by those who may have it in private. Thread-safe.
 */
public final class ArtifactFills {

    /** The greatest refusal of the origin that is shared among followers. */
    private static final long MAX_REFUSAL_BYTES = 64 << 10;

    /**
     * What is known when the origin's response begins; of an object whose length it does not tell,
     * when it ends.
     */
    public sealed interface Opening {

        /** Bytes come. A follower takes a lease of its own. */
        record Flowing(StoredArtifact artifact, Fill fill) implements Opening {}

        /** The object has been stored or withdrawn meanwhile: look again. */
        record Stored() implements Opening {}

        /** The origin answered with another status than 200. */
        record Refused(BufferedResponse response, Stamp stamp) implements Opening {}

        /** The object cannot be stored; everyone asks the origin for themselves. */
        record PassThrough(String why) implements Opening {}

        /** The origin failed. */
        record Failed(OriginFailure why) implements Opening {}
    }

    /** A place in a fill. Its opening never fails and completes on any thread. */
    public record Joined(Future<Opening> opening, boolean leading) {}

    /**
     * What is asked for.
     *
     * @param proven whether by the edge's own token, for who may have it when it is private
     */
    private record Wanted(Digest digest, boolean proven) {}

    private record Running(Wanted wanted, long begun, Stamp stamp, Promise<Opening> opening) {

        Digest digest() {
            return wanted.digest();
        }
    }

    private final Origin origin;
    private final Fills fills;
    private final EdgeCache cache;
    private final Responses responses;
    private final boolean counted;
    private final EdgeCredential credential;
    private final InstantSource clock;
    private final ConcurrentHashMap<Wanted, Running> running = new ConcurrentHashMap<>();

    public ArtifactFills(
            Origin origin,
            Fills fills,
            EdgeCache cache,
            Responses responses,
            DownloadCounter downloads,
            EdgeCredential credential,
            InstantSource clock) {
        this.origin = origin;
        this.fills = fills;
        this.cache = cache;
        this.responses = responses;
        this.counted = downloads.isCounting();
        this.credential = credential;
        this.clock = clock;
    }

    /**
     * Joins the fill of {@code digest} or starts it; empty when that would be one too many. Called
     * on an event loop, which then carries the exchange.
     *
     * @param proven whether it is for somebody who may have it when it is private
     */
    public Optional<Joined> join(Digest digest, boolean proven, Asker asker) {
        Wanted wanted = new Wanted(digest, proven);
        Running theirs = running.get(wanted);
        if (theirs != null) {
            return Optional.of(new Joined(theirs.opening().future(), false));
        }
        if (!fills.begin()) {
            return Optional.empty();
        }
        Running mine =
                new Running(wanted, fills.epoch(), responses.beginNamed(), Promise.promise());
        theirs = running.putIfAbsent(wanted, mine);
        if (theirs != null) {
            fills.over();
            return Optional.of(new Joined(theirs.opening().future(), false));
        }
        if (cache.isOnDisk(digest, proven)) {
            over(mine, new Opening.Stored());
        } else {
            start(mine, asker);
        }
        return Optional.of(new Joined(mine.opening().future(), true));
    }

    private void start(Running fill, Asker asker) {
        MultiMap headers = asker.headers();
        if (counted) {
            headers.add(DownloadCounter.COUNTED, "edge");
        }
        if (fill.wanted().proven()) {
            credential.authorization().ifPresent(own -> headers.add("Authorization", own));
        }
        String uri = "/artifacts/sha256/" + fill.digest().hex();
        Resumption rest = new Resumption(origin, uri, headers, null, fills.buffer());
        origin.exchange(HttpMethod.GET, uri, headers)
                .onSuccess(response -> opened(fill, rest, response))
                .onFailure(
                        failure ->
                                give(
                                        fill,
                                        new Opening.Failed(OriginFailure.of(failure)),
                                        "origin-failed"));
    }

    private void opened(Running fill, Resumption rest, HttpClientResponse response) {
        if (response.statusCode() != 200) {
            if (fill.wanted().proven()) {
                credential.answered(response.statusCode());
            }
            refused(fill, response);
            return;
        }
        boolean secret = fill.wanted().proven() && isPrivate(response.headers());
        if (!secret && !Freshness.isShared(response.headers())) {
            BoundedBody.cancel(response, "may not be shared");
            give(fill, new Opening.PassThrough("not-shared"), "not-shared");
            return;
        }
        long size = BoundedBody.declaredLength(response);
        Optional<Digest> told = ReprDigest.sha256(response.headers());
        if (told.isPresent() && !told.get().equals(fill.digest())) {
            BoundedBody.cancel(response, "another digest");
            give(fill, new Opening.Failed(wrong(fill, told.get())), "digest-mismatch");
        } else if (size > fills.maxObject()) {
            BoundedBody.cancel(response, "too large");
            give(fill, new Opening.PassThrough("too-large"), "too-large");
        } else {
            carry(fill, rest, response, size, secret);
        }
    }

    /** Whether the origin trusts this edge with bytes that are not for everybody. */
    private static boolean isPrivate(MultiMap fields) {
        return ArtifactAccess.PRIVATE.equals(fields.get(ArtifactAccess.FIELD))
                && !CacheControl.parse(fields.getAll("Cache-Control")).has("no-store");
    }

    private void carry(
            Running fill, Resumption rest, HttpClientResponse response, long size, boolean secret) {
        Instant generatedAt = clock.instant().minusSeconds(Freshness.age(response.headers()));
        Instant lastModified =
                HttpDate.parse(response.getHeader("Last-Modified")).orElse(generatedAt);
        fills.carry(
                Fills.Kind.ARTIFACT,
                response,
                new FillJob.Head(
                        fill.digest(), size, lastModified, generatedAt, fill.begun(), secret),
                rest,
                started -> {
                    switch (started) {
                        case Fills.Started.Flowing(Fill bytes) -> {
                            if (size >= 0) {
                                fill.opening()
                                        .tryComplete(
                                                new Opening.Flowing(
                                                        new StoredArtifact(
                                                                fill.digest(),
                                                                size,
                                                                lastModified,
                                                                generatedAt,
                                                                secret),
                                                        bytes));
                            }
                        }
                        case Fills.Started.NoRoom() ->
                                over(fill, new Opening.PassThrough("no-room"));
                    }
                },
                _ -> {},
                outcome ->
                        over(
                                fill,
                                switch (outcome) {
                                    case FillJob.Outcome.Whole _, FillJob.Outcome.Withdrawn _ ->
                                            new Opening.Stored();
                                    case FillJob.Outcome.Mismatch() ->
                                            new Opening.Failed(
                                                    new OriginFailure(
                                                            OriginFailure.Kind.INVALID,
                                                            "its bytes do not match "
                                                                    + fill.digest()));
                                    case FillJob.Outcome.Broken(OriginFailure why, String _) ->
                                            new Opening.Failed(why);
                                }));
    }

    private void refused(Running fill, HttpClientResponse response) {
        BoundedBody.read(response, MAX_REFUSAL_BYTES)
                .onSuccess(body -> give(fill, refusal(fill, response, body), "refused"))
                .onFailure(
                        broken ->
                                give(
                                        fill,
                                        new Opening.Failed(OriginFailure.of(broken)),
                                        "origin-failed"));
    }

    private static Opening refusal(
            Running fill, HttpClientResponse response, Optional<Buffer> body) {
        return body.<Opening>map(
                        bytes ->
                                new Opening.Refused(
                                        BufferedResponse.of(response, bytes), fill.stamp()))
                .orElseGet(() -> new Opening.PassThrough("refused"));
    }

    /** Ends a fill that never flowed. */
    private void give(Running fill, Opening opening, String outcome) {
        running.remove(fill.wanted(), fill);
        fills.over(outcome);
        fill.opening().tryComplete(opening);
    }

    /** Ends a fill; {@code unlessOpened} is told to those who still wait for its opening. */
    private void over(Running fill, Opening unlessOpened) {
        running.remove(fill.wanted(), fill);
        fills.over();
        fill.opening().tryComplete(unlessOpened);
    }

    private static OriginFailure wrong(Running fill, Digest told) {
        return new OriginFailure(
                OriginFailure.Kind.INVALID, "it has " + told + " for " + fill.digest());
    }
}
