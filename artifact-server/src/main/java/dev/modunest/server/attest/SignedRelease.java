package dev.modunest.server.attest;

import dev.modunest.db.trust.LeafKind;
import dev.modunest.format.trust.TrustLevel;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.server.artifact.StoredObject.ReleaseFile;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was signed of a release before the registry signs, checked.
 *
 * @param publisher empty: nobody signed it
 * @param provenance how a CI job built it
 * @param second the publisher's statement with another key
 * @param level what all of it proves
 */
public record SignedRelease(
        Optional<ReleaseBundle> publisher,
        Optional<ReleaseBundle> provenance,
        Optional<ReleaseBundle> second,
        TrustLevel level) {

    public static final SignedRelease UNSIGNED =
            new SignedRelease(
                    Optional.empty(), Optional.empty(), Optional.empty(), TrustLevel.PS_L1);

    /** One of its bundles, which leaf of the log it is, and beside which name it is served. */
    record Part(LeafKind kind, ReleaseFile.Kind file, ReleaseBundle bundle) {}

    public SignedRelease {
        if (publisher.isEmpty() && (provenance.isPresent() || second.isPresent())) {
            throw new IllegalArgumentException("further bundles need that of the publisher");
        }
        if (publisher.isPresent() != level.isAtLeast(TrustLevel.PS_L2)) {
            throw new IllegalArgumentException(
                    level
                            + " of a release that "
                            + (publisher.isPresent() ? "is signed" : "nobody signed"));
        }
    }

    List<Part> parts() {
        return Stream.of(
                        part(LeafKind.PUBLISHER, ReleaseFile.Kind.PUBLISHER_BUNDLE, publisher),
                        part(LeafKind.PROVENANCE, ReleaseFile.Kind.PROVENANCE, provenance),
                        part(LeafKind.SECOND, ReleaseFile.Kind.SECOND_SIGNATURE, second))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Part> part(
            LeafKind kind, ReleaseFile.Kind file, Optional<ReleaseBundle> bundle) {
        return bundle.map(present -> new Part(kind, file, present));
    }
}
