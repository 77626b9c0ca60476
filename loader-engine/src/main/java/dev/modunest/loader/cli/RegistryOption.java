package dev.modunest.loader.cli;

import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.LoaderOptionsBuilder;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Which registry to use, and for what, as options that several commands share. */
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

    @Option(
            names = "--solve-locally",
            description = "Solve in this process from the sparse index, not at the registry.")
    private boolean locally;

    @Option(
            names = "--offline",
            description = "Solve from the index documents that the folder has; ask for none.")
    private boolean offline;

    @Option(
            names = "--mirror",
            paramLabel = "URL",
            description = {
                "Serves the same artifacts, for when the registry fails; may be repeated, and is"
                        + " asked in this order."
            })
    private List<URI> mirrors = List.of();

    @Option(
            names = "--proxy",
            paramLabel = "URL",
            description = "An HTTP proxy for every request, http://host:port.")
    private @Nullable URI proxy;

    @Option(
            names = "--bandwidth",
            paramLabel = "RATE",
            converter = RateConverter.class,
            description = {
                "Most bytes of artifacts in a second: 500KiB, 10MiB, 1GiB, or bytes.",
                "Default: no limit."
            })
    private long bytesPerSecond;

    /** The way to artifacts. */
    LoaderOptionsBuilder route(LoaderOptionsBuilder options) {
        URI by = proxy;
        return (by == null ? options : options.proxy(by))
                .mirrors(mirrors)
                .bandwidth(bytesPerSecond);
    }

    /** Who computes plans. */
    LoaderOptions.Resolution resolution() {
        if (offline) {
            return LoaderOptions.Resolution.CACHED_INDEX;
        }
        return locally ? LoaderOptions.Resolution.LOCAL_INDEX : LoaderOptions.Resolution.REGISTRY;
    }

    /** The one named, else {@code known}, else an edge on this machine. */
    URI or(Optional<URI> known) {
        return Optional.ofNullable(registry).or(() -> known).orElse(LOCAL_EDGE);
    }
}
