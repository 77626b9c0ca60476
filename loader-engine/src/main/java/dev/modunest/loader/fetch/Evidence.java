package dev.modunest.loader.fetch;

import dev.modunest.format.trust.json.Octets;

import java.util.Optional;

/**
 * What came with an artifact; none of it is trusted.
 *
 * @param publisher {@code .sigstore.json}
 * @param summary {@code .vsa.sigstore.json}
 * @param proof {@code .tlog-proof}
 * @param kept whether some of it is of an earlier fetch, so that fetching again may help
 * @param trouble why the registry could not be asked for what is missing
 */
public record Evidence(
        Optional<Octets> publisher,
        Optional<Octets> summary,
        Optional<Octets> proof,
        boolean kept,
        Optional<String> trouble) {

    public static final Evidence NONE =
            new Evidence(
                    Optional.empty(), Optional.empty(), Optional.empty(), false, Optional.empty());
}
