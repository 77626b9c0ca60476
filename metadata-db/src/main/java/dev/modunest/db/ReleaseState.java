package dev.modunest.db;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.resolve.ReleaseStatus;

import java.time.Instant;
import java.util.Optional;

/**
 * What was decided about a release. The facts are separate: one that is yanked and quarantined is
 * still yanked when the quarantine ends.
 *
 * @param yanked the reason
 * @param quarantined the reason
 */
public record ReleaseState(
        Coordinate coordinate,
        Digest digest,
        Instant publishedAt,
        Optional<String> yanked,
        Optional<ReleaseStatus.Deprecation> deprecated,
        Optional<String> quarantined,
        Optional<Deletion> deleted) {

    /** Why and when a release was deleted. */
    public record Deletion(String reason, Instant at) {}

    public ReleaseState withYanked(Optional<String> reason) {
        return new ReleaseState(
                coordinate, digest, publishedAt, reason, deprecated, quarantined, deleted);
    }

    public ReleaseState withDeprecated(Optional<ReleaseStatus.Deprecation> deprecation) {
        return new ReleaseState(
                coordinate, digest, publishedAt, yanked, deprecation, quarantined, deleted);
    }

    public ReleaseState withQuarantined(Optional<String> reason) {
        return new ReleaseState(
                coordinate, digest, publishedAt, yanked, deprecated, reason, deleted);
    }

    public ReleaseState withDeleted(Deletion deletion) {
        return new ReleaseState(
                coordinate,
                digest,
                publishedAt,
                yanked,
                deprecated,
                quarantined,
                Optional.of(deletion));
    }
}
