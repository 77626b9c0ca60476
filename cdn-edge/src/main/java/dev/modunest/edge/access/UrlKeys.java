package dev.modunest.edge.access;

import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.edge.origin.BoundedBody;
import dev.modunest.edge.origin.Origin;
import dev.modunest.format.sign.Ed25519KeySet;
import dev.modunest.format.sign.VerifyingKey;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * The origin's keys of signed URLs: asked for now and then, and for a key that is not known, and
 * used for a while after the origin is gone. Thread-safe.
 */
public final class UrlKeys implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UrlKeys.class);
    private static final String PATH = "/.well-known/artifact-url-keys.json";
    private static final long MAX_BYTES = 64 << 10;

    private record Known(Map<String, VerifyingKey> keys, Instant at) {}

    private final Vertx vertx;
    private final Origin origin;
    private final AccessSettings settings;
    private final InstantSource clock;
    private final long timer;
    private volatile Known known = new Known(Map.of(), Instant.EPOCH);
    private Instant asked = Instant.EPOCH;
    private @Nullable Future<Void> asking;

    /** Begins to ask. */
    public UrlKeys(
            Vertx vertx,
            Origin origin,
            AccessSettings settings,
            EdgeMetrics metrics,
            InstantSource clock) {
        this.vertx = vertx;
        this.origin = origin;
        this.settings = settings;
        this.clock = clock;
        this.timer = vertx.setPeriodic(settings.keysRefresh().toMillis(), _ -> refresh());
        metrics.watchAccessKeys(this::ageSeconds);
        Future<Void> _ = refresh();
    }

    /** The key of that name. Never fails; completes at once for a key that is known. */
    Future<Optional<VerifyingKey>> find(String kid) {
        Optional<VerifyingKey> key = current(kid);
        return key.isPresent() ? Future.succeededFuture(key) : refresh().map(_ -> current(kid));
    }

    private Optional<VerifyingKey> current(String kid) {
        Known now = known;
        return clock.instant().isBefore(now.at().plus(settings.keysKeep()))
                ? Optional.ofNullable(now.keys().get(kid))
                : Optional.empty();
    }

    /** Since the keys were told; -1 when they never were. */
    private long ageSeconds() {
        Instant at = known.at();
        return at.equals(Instant.EPOCH) ? -1 : Duration.between(at, clock.instant()).toSeconds();
    }

    /** Asks, unless that is going on or has been done just now. Never fails. */
    private Future<Void> refresh() {
        Promise<Void> mine = Promise.promise();
        synchronized (this) {
            if (asking != null) {
                return asking;
            }
            Instant now = clock.instant();
            if (now.isBefore(asked.plus(settings.keysRetry()))) {
                return Future.succeededFuture();
            }
            asked = now;
            asking = mine.future();
        }
        origin.exchange(
                        HttpMethod.GET,
                        PATH,
                        MultiMap.caseInsensitiveMultiMap()
                                .add("Via", "1.1 modunest-edge")
                                // A shield may keep an older set.
                                .add("Cache-Control", "no-cache"))
                .compose(UrlKeys::body)
                .map(body -> new Known(Ed25519KeySet.read(body.getBytes()), clock.instant()))
                .onComplete(
                        told -> answered(mine, told),
                        failed -> {
                            LOG.warn("no keys of signed URLs: {}", failed.toString());
                            answered(mine, known);
                        });
        return mine.future();
    }

    private void answered(Promise<Void> mine, Known told) {
        known = told;
        synchronized (this) {
            asking = null;
        }
        mine.complete();
    }

    private static Future<Buffer> body(HttpClientResponse response) {
        return BoundedBody.read(response, MAX_BYTES)
                .map(
                        body ->
                                body.filter(_ -> response.statusCode() == 200)
                                        .orElseThrow(
                                                () ->
                                                        new IllegalArgumentException(
                                                                "the origin answers "
                                                                        + response.statusCode())));
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }
}
