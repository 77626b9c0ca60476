package dev.modunest.standalone;

import dev.modunest.format.trust.bundle.ReleaseBundle;

import java.io.IOException;
import java.util.List;

/** Where the signatures come from that a release is published with. Thread-safe. */
@FunctionalInterface
interface PublishBundles {

    /** Nothing is signed. */
    PublishBundles NONE = _ -> List.of();

    /**
     * The publisher's first, then provenance and a second signature; empty: the release is
     * published unsigned. Throws a {@link StandaloneException} where it was to be signed and cannot
     * be.
     */
    List<ReleaseBundle> bundles(PluginJar jar) throws IOException, InterruptedException;
}
