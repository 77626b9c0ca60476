package dev.modunest.loader.fetch;

import dev.modunest.format.trust.json.Octets;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What came with an artifact; none of it is trusted.
 *
 * @param publisher {@code .sigstore.json}
 * @param summary {@code .vsa.sigstore.json}
 * @param proof {@code .tlog-proof}
 * @param provenance {@code .provenance.sigstore.json}, when the summary names it
 * @param second {@code .second.sigstore.json}, when the summary names it
 * @param kept whether some of it is of an earlier fetch, so that fetching again may help
 * @param trouble why the registry could not be asked for what is missing
 */
public record Evidence(
        Optional<Octets> publisher,
        Optional<Octets> summary,
        Optional<Octets> proof,
        Optional<Octets> provenance,
        Optional<Octets> second,
        boolean kept,
        Optional<String> trouble) {

    public static final Evidence NONE =
            new Evidence(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    Optional.empty());

    /** What proves more than the publisher's signature. */
    public List<Octets> further() {
        return Stream.of(provenance, second).flatMap(Optional::stream).toList();
    }

    Evidence troubled(String why) {
        return new Evidence(publisher, summary, proof, provenance, second, kept, Optional.of(why));
    }
}
