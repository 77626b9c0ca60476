package dev.modunest.loader.lifecycle;

import dev.modunest.loader.LoaderException;
import dev.modunest.loader.LoaderOptions.FetchOptions;
import dev.modunest.loader.fetch.ArtifactCache;
import dev.modunest.loader.fetch.ArtifactSource;
import dev.modunest.loader.fetch.HttpTransport;
import dev.modunest.loader.fetch.RegistryArtifacts;
import dev.modunest.loader.resolve.RegistryClient;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** Clients of registries over one transport. Thread-safe. */
final class Registries {

    private final HttpTransport transport;
    private final FetchOptions options;

    Registries(HttpTransport transport, FetchOptions options) {
        this.transport = transport;
        this.options = options;
    }

    RegistryClient client(Optional<URI> registry) {
        return new RegistryClient(
                registry.orElseThrow(
                        () ->
                                new LoaderException(
                                        "no-registry",
                                        "requirements are resolved by a registry and none is set:"
                                                + " name one")),
                transport);
    }

    ArtifactSource artifacts(Optional<URI> registry, Path cacheDirectory) {
        try {
            ArtifactCache cache = ArtifactCache.open(cacheDirectory, InstantSource.system());
            return new RegistryArtifacts(registry, cache, transport, options);
        } catch (IOException unusable) {
            throw new LoaderException(
                    "cache-unusable",
                    cacheDirectory + " cannot be used as the artifact cache: " + unusable,
                    unusable);
        }
    }
}
