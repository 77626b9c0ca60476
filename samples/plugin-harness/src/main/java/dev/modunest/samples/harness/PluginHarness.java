package dev.modunest.samples.harness;

import dev.modunest.format.PluginId;
import dev.modunest.loader.LoadReport;
import dev.modunest.loader.LoadedPlugin;
import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.PluginLoader;
import dev.modunest.loader.PluginReport;
import dev.modunest.loader.TrustOptions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Plugin jars in a folder of their own, run by the engine that hosts embed. For tests; closing
 * stops the plugins and removes the folder.
 */
public final class PluginHarness implements AutoCloseable {

    private final Path folder;
    private final PluginLoader loader;

    private PluginHarness(Path folder, PluginLoader loader) {
        this.folder = folder;
        this.loader = loader;
    }

    /**
     * Loads copies of {@code jars}; their order does not matter.
     *
     * @throws dev.modunest.loader.LoaderException when a jar is refused or lacks what it requires
     * @throws IllegalStateException when a plugin does not start, with the outcome of each that
     *     does not
     */
    public static PluginHarness start(List<Path> jars) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("plugin-harness");
        PluginHarness harness =
                new PluginHarness(
                        folder,
                        PluginLoader.open(
                                LoaderOptions.in(folder).trust(TrustOptions.unverified()).build()));
        boolean started = false;
        try {
            harness.load(jars);
            started = true;
            return harness;
        } finally {
            if (!started) {
                harness.close();
            }
        }
    }

    /** Starts the plugins whose jars hold {@code types}. */
    public static PluginHarness startJarsOf(Class<?>... types)
            throws IOException, InterruptedException {
        List<Path> jars = new ArrayList<>();
        for (Class<?> type : types) {
            jars.add(jarOf(type));
        }
        return start(jars);
    }

    private static Path jarOf(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        URL location = source == null ? null : source.getLocation();
        if (location == null || !location.getPath().endsWith(".jar")) {
            throw new IllegalArgumentException(
                    type.getName()
                            + " was loaded from "
                            + location
                            + ", not from a jar: build its module first (mvn package)");
        }
        return Path.of(URI.create(location.toString()));
    }

    private void load(List<Path> jars) throws IOException, InterruptedException {
        for (Path jar : jars) {
            Files.copy(jar, folder.resolve(jar.getFileName()));
        }
        LoadReport report = loader.loadDirectory(folder);
        if (!report.complete()) {
            throw new IllegalStateException(
                    report.failures().stream()
                            .map(PluginReport::toString)
                            .collect(Collectors.joining("\n")));
        }
    }

    /**
     * What {@code plugin} ({@code namespace/name}) answers to a text request, by the operator that
     * it offers.
     *
     * @throws IllegalStateException when it does not run or offers none
     */
    public String ask(String plugin, String request) {
        UnaryOperator<?> operator =
                running(plugin)
                        .service(UnaryOperator.class)
                        .orElseThrow(
                                () -> new IllegalStateException(plugin + " offers no operator"));
        return answer(operator, request);
    }

    // The type token of a generic service is raw; plugins offer an operator on String by contract.
    @SuppressWarnings("unchecked")
    private static String answer(UnaryOperator<?> operator, String request) {
        return ((UnaryOperator<String>) operator).apply(request);
    }

    /**
     * The class {@code name} as {@code plugin} sees it.
     *
     * @throws IllegalStateException when the plugin does not run
     */
    public Class<?> classOf(String plugin, String name) throws ClassNotFoundException {
        return running(plugin).classLoader().loadClass(name);
    }

    private LoadedPlugin running(String plugin) {
        return loader.plugin(PluginId.parse(plugin))
                .orElseThrow(() -> new IllegalStateException(plugin + " does not run"));
    }

    /** Where the copies are. */
    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        loader.close();
        try {
            try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder)) {
                for (Path jar : jars) {
                    Files.delete(jar);
                }
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " is left behind", e);
        }
    }
}
