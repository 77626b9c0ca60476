package dev.modunest.format.trust;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.trust.json.Octets;

import java.util.List;
import java.util.Optional;

/**
 * A release as it is asked for, and what came with it; none of it is trusted.
 *
 * @param artifact the digest of the bytes at hand
 * @param publisherBundle {@code .sigstore.json}; empty for a release that nobody signed
 * @param summaryBundle {@code .vsa.sigstore.json}
 * @param logProof {@code .tlog-proof}, of the summary
 * @param more further bundles: provenance, signatures of other publishers
 */
public record ReleaseEvidence(
        Coordinate coordinate,
        Digest artifact,
        Optional<Octets> publisherBundle,
        Octets summaryBundle,
        String logProof,
        List<Octets> more) {

    public ReleaseEvidence {
        more = List.copyOf(more);
    }

    public static ReleaseEvidence of(
            Coordinate coordinate,
            Digest artifact,
            byte[] publisherBundle,
            byte[] summaryBundle,
            String logProof) {
        return new ReleaseEvidence(
                coordinate,
                artifact,
                Optional.of(Octets.of(publisherBundle)),
                Octets.of(summaryBundle),
                logProof,
                List.of());
    }
}
