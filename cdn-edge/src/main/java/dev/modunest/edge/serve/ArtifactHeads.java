package dev.modunest.edge.serve;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.modunest.edge.cache.DocumentScope;
import dev.modunest.edge.cache.Fields;
import dev.modunest.edge.cache.Freshness;
import dev.modunest.edge.cache.HttpDate;
import dev.modunest.edge.cache.ResponseHead;
import dev.modunest.edge.cache.Stamp;
import dev.modunest.edge.cache.StoredArtifact;
import dev.modunest.edge.cache.Vary;
import dev.modunest.format.Digest;

import io.vertx.core.MultiMap;

import java.util.List;

/** The heads of artifacts, all of which follow from digest and times. Thread-safe. */
final class ArtifactHeads {

    static final String MEDIA_TYPE = "application/java-archive";

    private static final String IMMUTABLE = "public, max-age=31536000, immutable";

    /** Of private ones, as the origin has it: what is asked for again is proven again. */
    private static final String PRIVATE = "private, no-cache";

    private static final String PROVEN_BY = "Authorization, Cookie";

    /** Heads kept ready, about 1 KiB each. */
    private static final int MAX_READY = 10_000;

    /** Which change outdates an artifact: none, it is withdrawn by its digest. */
    private static final Stamp NEVER_OUTDATED = new Stamp(DocumentScope.NAMED, 0, 0, 0);

    private final Cache<Digest, ResponseHead> ready =
            Caffeine.newBuilder().maximumSize(MAX_READY).build();

    ResponseHead of(StoredArtifact artifact) {
        if (artifact.secret()) {
            return make(artifact);
        }
        ResponseHead head = ready.getIfPresent(artifact.digest());
        if (head == null || !head.freshness().generatedAt().equals(artifact.generatedAt())) {
            head = make(artifact);
            ready.put(artifact.digest(), head);
        }
        return head;
    }

    private static ResponseHead make(StoredArtifact artifact) {
        MultiMap fields =
                MultiMap.caseInsensitiveMultiMap()
                        .add("ETag", artifact.digest().entityTag())
                        .add("Cache-Control", artifact.secret() ? PRIVATE : IMMUTABLE)
                        .add("Content-Type", MEDIA_TYPE)
                        .add("Repr-Digest", artifact.digest().reprDigest())
                        .add("Last-Modified", HttpDate.format(artifact.lastModified()));
        if (artifact.secret()) {
            fields.add("Vary", PROVEN_BY);
        }
        return new ResponseHead(
                200,
                Fields.of(fields).withRanges(),
                Freshness.untilRemoved(artifact.generatedAt()),
                NEVER_OUTDATED,
                Vary.NONE,
                List.of());
    }
}
