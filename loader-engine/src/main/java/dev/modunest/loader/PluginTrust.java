package dev.modunest.loader;

import dev.modunest.format.trust.TrustLevel;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is proven of a plugin that was let in.
 *
 * @param mode by which it was judged
 * @param level empty when nothing is proven
 * @param signer the URI of the publisher's certificate; empty when nobody signed
 * @param signed when, at the latest; empty when nobody did
 * @param warnings in the order of the steps
 */
public record PluginTrust(
        TrustMode mode,
        Optional<TrustLevel> level,
        Optional<String> signer,
        Optional<Instant> signed,
        List<TrustWarning> warnings) {

    /** Digest and archive alone. */
    public static final PluginTrust UNVERIFIED =
            new PluginTrust(
                    TrustMode.SKIP,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of());

    public PluginTrust {
        warnings = List.copyOf(warnings);
    }
}
