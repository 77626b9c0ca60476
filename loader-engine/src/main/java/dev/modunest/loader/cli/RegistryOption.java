package dev.modunest.loader.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.net.URI;
import java.util.Optional;

/** Which registry to use, as an option that several commands share. */
final class RegistryOption {

    private static final URI LOCAL_EDGE = URI.create("http://127.0.0.1:8081");

    @Option(
            names = "--registry",
            paramLabel = "URL",
            description = {
                "The registry, normally an edge.",
                "Default: the one in modunest.json, else http://127.0.0.1:8081."
            })
    private @Nullable URI registry;

    /** The one named, else {@code known}, else an edge on this machine. */
    URI or(Optional<URI> known) {
        return Optional.ofNullable(registry).or(() -> known).orElse(LOCAL_EDGE);
    }
}
