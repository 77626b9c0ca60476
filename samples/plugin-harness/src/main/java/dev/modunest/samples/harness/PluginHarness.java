package dev.modunest.samples.harness;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;
import dev.modunest.format.PluginId;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Started plugins, each in its own class loader. For tests of one thread; closing stops the plugins
 * in reverse order.
 */
public final class PluginHarness implements AutoCloseable {

    private final Map<PluginId, RunningPlugin> running = new LinkedHashMap<>();

    private PluginHarness() {}

    /**
     * Inspects and starts {@code jars}, each after what it requires.
     *
     * @throws IllegalArgumentException when a jar is refused, or stands before what it requires
     * @throws Exception what a plugin throws when it starts; those before it are stopped
     */
    public static PluginHarness start(List<Path> jars) throws Exception {
        PluginHarness harness = new PluginHarness();
        try {
            for (Path jar : jars) {
                harness.start(PluginJar.open(jar));
            }
            return harness;
        } catch (Exception | LinkageError failed) {
            harness.stopAfter(failed);
            throw failed;
        }
    }

    /** Starts the plugins whose jars hold {@code types}, in this order. */
    public static PluginHarness startJarsOf(Class<?>... types) throws Exception {
        List<Path> jars = new ArrayList<>();
        for (Class<?> type : types) {
            jars.add(PluginJar.containing(type).path());
        }
        return start(jars);
    }

    private void start(PluginJar jar) throws Exception {
        List<RunningPlugin> required = required(jar);
        Map<String, ClassLoader> imports = new HashMap<>();
        for (RunningPlugin exporter : required) {
            exporter.exports().forEach(name -> imports.put(name, exporter.loader()));
        }
        Coordinate coordinate = jar.manifest().coordinate();
        RunningPlugin plugin =
                new RunningPlugin(
                        jar,
                        new WiredClassLoader(coordinate.toString(), jar.path(), imports),
                        required);
        running.put(coordinate.plugin(), plugin);
        plugin.start();
    }

    private List<RunningPlugin> required(PluginJar jar) {
        List<RunningPlugin> required = new ArrayList<>();
        for (Dependency dependency : jar.manifest().requires()) {
            RunningPlugin exporter = running.get(dependency.plugin());
            if (exporter != null && matches(dependency, exporter)) {
                required.add(exporter);
            } else if (!dependency.optional()) {
                throw new IllegalArgumentException(
                        jar.manifest().coordinate()
                                + " requires "
                                + dependency
                                + ", started are "
                                + coordinates());
            }
        }
        return required;
    }

    private static boolean matches(Dependency dependency, RunningPlugin exporter) {
        return dependency.range().contains(exporter.coordinate().version());
    }

    private List<Coordinate> coordinates() {
        return running.values().stream().map(RunningPlugin::coordinate).toList();
    }

    /** The plugins started. */
    public Set<PluginId> plugins() {
        return Set.copyOf(running.keySet());
    }

    /**
     * What {@code plugin} ({@code namespace/name}) answers to a text request, by the operator that
     * it offers.
     */
    public String ask(String plugin, String request) {
        UnaryOperator<?> operator = service(plugin, UnaryOperator.class);
        return answer(operator, request);
    }

    // The type token of a generic service is raw; plugins offer an operator on String by contract.
    @SuppressWarnings("unchecked")
    private static String answer(UnaryOperator<?> operator, String request) {
        return ((UnaryOperator<String>) operator).apply(request);
    }

    /**
     * The service of {@code type} that {@code plugin} offers.
     *
     * @throws IllegalStateException when it is not started or offers none
     */
    public <T> T service(String plugin, Class<T> type) {
        RunningPlugin provider = running.get(PluginId.parse(plugin));
        if (provider == null) {
            throw new IllegalStateException(plugin + " is not started");
        }
        return provider.offered(type)
                .orElseThrow(
                        () -> new IllegalStateException(plugin + " offers no " + type.getName()));
    }

    /** The class {@code name} as {@code plugin} sees it. */
    public Class<?> classOf(String plugin, String name) throws ClassNotFoundException {
        RunningPlugin owner = running.get(PluginId.parse(plugin));
        if (owner == null) {
            throw new ClassNotFoundException(name + " of " + plugin + ", which is not started");
        }
        return owner.loader().loadClass(name);
    }

    private void stopAfter(Throwable failed) {
        try {
            close();
        } catch (IllegalStateException also) {
            failed.addSuppressed(also);
        }
    }

    /**
     * Stops all plugins, whatever they throw.
     *
     * @throws IllegalStateException when one did not stop, the first with the rest suppressed
     */
    @Override
    public void close() {
        List<RunningPlugin> order = new ArrayList<>(running.values()).reversed();
        running.clear();
        List<IllegalStateException> failures = new ArrayList<>();
        for (RunningPlugin plugin : order) {
            try {
                plugin.stop();
            } catch (Exception failed) {
                failures.add(
                        new IllegalStateException(plugin.coordinate() + " did not stop", failed));
            }
        }
        if (!failures.isEmpty()) {
            IllegalStateException first = failures.removeFirst();
            failures.forEach(first::addSuppressed);
            throw first;
        }
    }
}
