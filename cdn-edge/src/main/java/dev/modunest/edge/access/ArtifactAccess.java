package dev.modunest.edge.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.modunest.format.Digest;
import dev.modunest.format.http.SignedArtifactUrl;
import dev.modunest.format.sign.VerifyingKey;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Optional;

/** Says what requests show for artifacts. Without keys nothing is proven. Thread-safe. */
public final class ArtifactAccess {

    /** The field of an origin's response that says for whom it is. */
    public static final String FIELD = "Registry-Access";

    /** Its value for what is only for those who prove that they may have it. */
    public static final String PRIVATE = "private";

    private static final Future<Proof> NONE = Future.succeededFuture(Proof.NONE);
    private static final Future<Proof> UNPROVEN = Future.succeededFuture(Proof.UNPROVEN);
    private static final Future<Proof> EDGE = Future.succeededFuture(Proof.EDGE);

    private final Optional<UrlKeys> keys;
    private final Optional<byte[]> authorization;
    private final Cache<SignedArtifactUrl, Boolean> verified;
    private final InstantSource clock;

    /**
     * Decides by {@code keys}.
     *
     * @param keys empty where no private artifacts are kept
     */
    public ArtifactAccess(AccessSettings settings, Optional<UrlKeys> keys, InstantSource clock) {
        this.keys = keys;
        this.authorization =
                settings.token().map(token -> bytes(EdgeCredential.authorization(token)));
        this.verified = Caffeine.newBuilder().maximumSize(settings.maxVerified()).build();
        this.clock = clock;
    }

    /**
     * What a request for the artifact shows. Never fails; completes at once unless a key has to be
     * asked for.
     *
     * @param query of the artifact's path by digest; null when there is none
     * @param credentials the field {@code Authorization}
     */
    public Future<Proof> of(Digest digest, @Nullable String query, @Nullable String credentials) {
        if (query == null && credentials == null) {
            return NONE;
        }
        if (credentials != null
                && authorization
                        .filter(own -> MessageDigest.isEqual(own, bytes(credentials)))
                        .isPresent()) {
            return EDGE;
        }
        Optional<SignedArtifactUrl> url =
                query == null ? Optional.empty() : SignedArtifactUrl.parse(digest, query);
        return url.isEmpty() ? NONE : check(url.get());
    }

    private Future<Proof> check(SignedArtifactUrl url) {
        if (keys.isEmpty() || !url.isWithinLifetime(clock.instant())) {
            return UNPROVEN;
        }
        return keys.get()
                .find(url.kid())
                .map(
                        key ->
                                key.filter(one -> proves(url, one)).isPresent()
                                        ? Proof.URL
                                        : Proof.UNPROVEN);
    }

    /** What a key has signed stays signed; that it may be believed was looked up anew. */
    private boolean proves(SignedArtifactUrl url, VerifyingKey key) {
        if (verified.getIfPresent(url) != null) {
            return true;
        }
        boolean proves = url.proves(key, clock.instant());
        if (proves) {
            verified.put(url, true);
        }
        return proves;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
