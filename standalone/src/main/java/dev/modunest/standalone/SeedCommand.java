package dev.modunest.standalone;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.db.DatabaseException;
import dev.modunest.format.resolve.RequestJson;
import dev.modunest.format.resolve.ResolveRequest;
import dev.modunest.standalone.synthetic.Shape;
import dev.modunest.standalone.synthetic.SyntheticRegistry;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

@Command(
        name = "seed",
        mixinStandardHelpOptions = true,
        description = {
            "Fills an empty index with plausible plugins, releases, dependencies and downloads, to measure on.",
            "All in one transaction: interrupted, it leaves nothing. There are no bytes behind the releases, so that",
            "they cannot be downloaded. No server is to run on the index meanwhile."
        },
        footer = {
            "",
            "Example: ./modunest seed --plugins 100000 --releases 1000000 --data /tmp/big",
            "         ./modunest up --data /tmp/big",
            "Exit code: 0 when done, 1 when the index is not empty, 2 for bad usage, 3 when it cannot be reached."
        })
final class SeedCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_ROOTS = 1_000;

    @Option(
            names = "--plugins",
            paramLabel = "N",
            defaultValue = "1000",
            description = "1 to 1000000; default ${DEFAULT-VALUE}.")
    private int plugins = 1_000;

    @Option(
            names = "--releases",
            paramLabel = "N",
            description = "Of all plugins, 1 to 50 times as many; default 10 times.")
    private @Nullable Integer releases;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The same numbers give the same index; default ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Option(
            names = "--request",
            paramLabel = "FILE",
            description =
                    "Also writes a body for POST /api/v1/resolve whose requirements can be met together.")
    private @Nullable Path request;

    @Option(
            names = "--roots",
            paramLabel = "N",
            defaultValue = "500",
            description = "Requirements in that body, 1 to 1000; default ${DEFAULT-VALUE}.")
    private int roots = 500;

    @Option(names = "--json", description = "One JSON object instead of progress and text.")
    private boolean json;

    @Mixin private StorageOptions storage = new StorageOptions();

    @Spec private CommandSpec spec;

    SeedCommand() {}

    @Override
    public Integer call() throws IOException {
        Shape shape = shape();
        PrintStream progress = ProgressStream.of(json);
        Instant begin = Instant.now();
        SyntheticRegistry registry = new SyntheticRegistry(shape, begin);
        if (request != null) {
            DataDirectory.write(
                    request.toAbsolutePath(),
                    RequestJson.write(ResolveRequest.of(registry.requirements(roots, seed)))
                            .getBytes(StandardCharsets.UTF_8));
        }
        boolean filled;
        try (StorageOptions.Opened opened = storage.open(progress::println)) {
            filled = new Seeding(opened.config().database(), registry, shape, progress).run(begin);
        } catch (DatabaseException failed) {
            throw new StandaloneException("the index cannot be filled: " + failed.getMessage());
        }
        tell(shape, filled, Duration.between(begin, Instant.now()));
        return filled ? 0 : 1;
    }

    private Shape shape() {
        if (roots < 1 || roots > MOST_ROOTS) {
            throw StandaloneException.wrongUse("--roots is 1 to " + MOST_ROOTS + ", not " + roots);
        }
        try {
            return new Shape(
                    plugins,
                    releases == null ? (int) Math.min(Integer.MAX_VALUE, 10L * plugins) : releases,
                    seed);
        } catch (IllegalArgumentException outOfBounds) {
            throw StandaloneException.wrongUse(String.valueOf(outOfBounds.getMessage()));
        }
    }

    private void tell(Shape shape, boolean filled, Duration took) throws IOException {
        if (!filled && !json) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "modunest: the index has plugins, and only an empty one is filled; give another folder with"
                                    + " --data, or settings of another database with --config");
            return;
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("filled", filled);
        result.put("plugins", filled ? shape.plugins() : 0);
        result.put("releases", filled ? shape.releases() : 0);
        result.put("seconds", took.toMillis() / 1e3);
        spec.commandLine()
                .getOut()
                .println(
                        json
                                ? JSON.writeValueAsString(result)
                                : String.format(
                                        Locale.ROOT,
                                        "%,d plugins with %,d releases in %.1f s",
                                        shape.plugins(),
                                        shape.releases(),
                                        took.toMillis() / 1e3));
        spec.commandLine().getOut().flush();
    }
}
