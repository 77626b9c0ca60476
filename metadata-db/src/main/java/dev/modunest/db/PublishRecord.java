package dev.modunest.db;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * A publish as a resource.
 *
 * @param problemJson why it was refused, a problem document
 * @param position how many are served before it, when a server told
 * @param expectedAt when it should be over, when a server told
 * @param requestId the request that began it, when that is known
 * @param bundles that it named, the publisher's first
 */
public record PublishRecord(
        UUID id,
        Account account,
        Coordinate coordinate,
        PublishState state,
        Optional<Digest> digest,
        Optional<Long> size,
        Optional<String> problemJson,
        OptionalInt position,
        Optional<Instant> expectedAt,
        Instant createdAt,
        Instant updatedAt,
        Optional<String> requestId,
        List<Digest> bundles) {

    public PublishRecord {
        bundles = List.copyOf(bundles);
    }

    /** One that nobody works on yet. */
    public static PublishRecord begun(
            UUID id,
            Account account,
            Coordinate coordinate,
            PublishState state,
            Digest digest,
            long size,
            Instant now) {
        return new PublishRecord(
                id,
                account,
                coordinate,
                state,
                Optional.of(digest),
                Optional.of(size),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                now,
                now,
                Optional.empty(),
                List.of());
    }

    /** The same with the request that began it. */
    public PublishRecord ofRequest(Optional<String> request) {
        return new PublishRecord(
                id,
                account,
                coordinate,
                state,
                digest,
                size,
                problemJson,
                position,
                expectedAt,
                createdAt,
                updatedAt,
                request,
                bundles);
    }

    /** The same with the bundles that it named. */
    public PublishRecord signedBy(List<Digest> named) {
        return new PublishRecord(
                id,
                account,
                coordinate,
                state,
                digest,
                size,
                problemJson,
                position,
                expectedAt,
                createdAt,
                updatedAt,
                requestId,
                named);
    }

    /** The same as a server sees it that works on it. */
    public PublishRecord at(PublishState now, OptionalInt before, Optional<Instant> expected) {
        return new PublishRecord(
                id,
                account,
                coordinate,
                now,
                digest,
                size,
                problemJson,
                before,
                expected,
                createdAt,
                updatedAt,
                requestId,
                bundles);
    }
}
