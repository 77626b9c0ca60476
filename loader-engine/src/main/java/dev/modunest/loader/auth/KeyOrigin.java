package dev.modunest.loader.auth;

import dev.modunest.loader.fetch.FetchException;
import dev.modunest.loader.fetch.HttpTransport;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where an issuer's key set comes from. Thread-safe. */
@FunctionalInterface
interface KeyOrigin {

    int MAX_BYTES = 256 << 10;

    /** The document, as it is now. */
    String fetch() throws IOException, InterruptedException;

    /** At an address; redirects are not followed. */
    static KeyOrigin at(URI address, HttpTransport transport) {
        return () -> {
            try {
                HttpTransport.Text answer =
                        transport.exchange(
                                HttpRequest.newBuilder(address)
                                        .header("Accept", "application/json"),
                                MAX_BYTES);
                if (answer.status() != 200) {
                    throw new IOException(address + " answered " + answer.status());
                }
                return answer.body();
            } catch (FetchException oversized) {
                throw new IOException(oversized.reason(), oversized);
            }
        };
    }

    static KeyOrigin in(Path file) {
        return () -> {
            try (InputStream content = Files.newInputStream(file)) {
                byte[] bytes = content.readNBytes(MAX_BYTES + 1);
                if (bytes.length > MAX_BYTES) {
                    throw new IOException(file + " has more than " + MAX_BYTES + " bytes");
                }
                return new String(bytes, StandardCharsets.UTF_8);
            }
        };
    }
}
