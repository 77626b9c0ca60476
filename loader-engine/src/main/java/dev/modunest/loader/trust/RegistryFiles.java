package dev.modunest.loader.trust;

import dev.modunest.loader.fetch.FetchException;
import dev.modunest.loader.fetch.HttpTransport;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Optional;

/** The public files of a registry. Thread-safe. */
final class RegistryFiles {

    private final Optional<URI> registry;
    private final HttpTransport transport;

    /**
     * Files of one registry.
     *
     * @param registry empty when there is nobody to ask
     */
    RegistryFiles(Optional<URI> registry, HttpTransport transport) {
        this.registry = registry;
        this.transport = transport;
    }

    /**
     * The file at {@code path}; empty when it is not there (403, 404, 410).
     *
     * @throws IOException when it cannot be had, or is longer than {@code maxBytes}
     */
    Optional<byte[]> fetch(String path, int maxBytes) throws IOException {
        if (registry.isEmpty()) {
            throw new IOException("no registry is set");
        }
        URI uri = URI.create(registry.get().toString().replaceAll("/+$", "") + path);
        try {
            HttpTransport.Answer answer =
                    transport.fetch(() -> HttpRequest.newBuilder(uri).GET(), maxBytes);
            return switch (answer.status()) {
                case 200 -> Optional.of(answer.body());
                case 403, 404, 410 -> Optional.empty();
                default -> throw new IOException(uri + " answered " + answer.status());
            };
        } catch (FetchException useless) {
            throw new IOException(useless.reason(), useless);
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            InterruptedIOException told = new InterruptedIOException("interrupted");
            told.initCause(cancelled);
            throw told;
        }
    }
}
