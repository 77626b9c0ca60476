package dev.modunest.standalone;

import dev.modunest.format.sign.Signer;
import dev.modunest.format.trust.bundle.ReleaseBundle;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Signatures by the publisher's key, which is opened at the first one, with the certificate of each
 * namespace. Thread-safe.
 */
final class KeyBundles implements PublishBundles {

    private final PublisherKey key;
    private final Optional<Path> certificate;
    private final InstantSource clock;
    private final Map<String, PublisherCredential> credentials = new HashMap<>();
    private @Nullable Signer opened;

    /**
     * @param certificate of all namespaces; empty: each has its own in the folder of certificates
     */
    KeyBundles(PublisherKey key, Optional<Path> certificate, InstantSource clock) {
        this.key = key;
        this.certificate = certificate;
        this.clock = clock;
    }

    @Override
    public List<ReleaseBundle> bundles(PluginJar jar) throws IOException {
        return List.of(credential(jar.coordinate().plugin().namespace()).sign(jar));
    }

    private synchronized PublisherCredential credential(String namespace) throws IOException {
        PublisherCredential known = credentials.get(namespace);
        if (known != null) {
            return known;
        }
        if (opened == null) {
            opened = key.open();
        }
        Path file = certificate.orElseGet(() -> PublisherKey.certificate(namespace));
        PublisherCredential read =
                PublisherCredential.read(file, namespace, opened, clock.instant());
        credentials.put(namespace, read);
        return read;
    }
}
