package dev.modunest.standalone;

import dev.modunest.format.trust.bundle.ReleaseBundle;

import java.io.IOException;
import java.util.Optional;

/** Where the signature comes from that a release is published with. Thread-safe. */
@FunctionalInterface
interface PublishBundles {

    /** Nothing is signed. */
    PublishBundles NONE = _ -> Optional.empty();

    /**
     * Empty: the release is published unsigned. Throws a {@link StandaloneException} where it was
     * to be signed and cannot be.
     */
    Optional<ReleaseBundle> bundle(PluginJar jar) throws IOException, InterruptedException;
}
