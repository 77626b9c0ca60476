package dev.modunest.loader;

import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.Plan;
import dev.modunest.loader.testing.FakeRegistry;
import dev.modunest.loader.testing.Recorder;
import dev.modunest.loader.testing.TestOptions;
import dev.modunest.loader.testing.TestPlugin;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reloads one plugin with three dependents 200 times while others run and all are used: time, the
 * pause of calls, failed calls, class loaders left and metaspace. After {@code mvn package}, from
 * the root: {@code java -cp
 * "loader-engine/target/classes:loader-engine/target/test-classes:plugin-format/target/classes:JARS"
 * loader-engine/src/jmh/java/dev/modunest/loader/ReloadBenchmark.java [plugins] [reloads]} with
 * Jackson for JARS.
 */
final class ReloadBenchmark {

    private static final PluginId HUB = PluginId.parse("a/hub");

    private ReloadBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 500;
        int reloads = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 200;
        Path folder = Files.createTempDirectory("reload");
        try (FakeRegistry registry = new FakeRegistry();
                PluginLoader loader = PluginLoader.open(TestOptions.in(folder, registry).build())) {
            loader.load(plan(count, registry));
            AtomicBoolean over = new AtomicBoolean();
            AtomicInteger calls = new AtomicInteger();
            AtomicInteger failed = new AtomicInteger();
            Thread caller =
                    Thread.ofPlatform().start(() -> use(loader, count, over, calls, failed));
            List<Double> walls = new ArrayList<>();
            List<Double> pauses = new ArrayList<>();
            long metaspace = 0;
            for (int i = 0; i < reloads; i++) {
                ExchangeReport report = loader.reload(HUB);
                if (!report.done() || report.plugins().size() != 4) {
                    throw new IllegalStateException(report.toString());
                }
                walls.add(report.wall().toNanos() / 1e6);
                pauses.add(report.pause().toNanos() / 1e6);
                if (i == reloads / 10) {
                    metaspace = metaspace(loader);
                }
                Recorder.reset();
            }
            over.set(true);
            caller.join();
            long left =
                    loader.unloaded(Duration.ofSeconds(30)).stream()
                            .filter(plugin -> !plugin.collected())
                            .count();
            print("reload", walls);
            print("pause", pauses);
            System.out.printf(
                    "calls %d, failed %d; class loaders left %d; metaspace %.1f MiB after %d"
                            + " reloads, %.1f MiB after %d%n",
                    calls.get(),
                    failed.get(),
                    left,
                    metaspace / 1048576.0,
                    reloads / 10,
                    metaspace(loader) / 1048576.0,
                    reloads);
        }
    }

    private static Plan plan(int count, FakeRegistry registry) {
        List<TestPlugin> plugins = new ArrayList<>();
        TestPlugin hub =
                TestPlugin.of("a/hub@1.0.0").starting("context.provide(Runnable.class, () -> {});");
        plugins.add(hub);
        List<Plan.Step> steps = new ArrayList<>(List.of(hub.step()));
        for (int i = 1; i < count; i++) {
            TestPlugin plugin = TestPlugin.recording("a/p" + i + "@1.0.0");
            if (i <= 3) {
                plugin.requires("a/hub", "*");
            }
            plugins.add(plugin);
            steps.add(i <= 3 ? plugin.step(hub) : plugin.step());
        }
        plugins.forEach(registry::add);
        return new Plan(steps);
    }

    private static void use(
            PluginLoader loader,
            int count,
            AtomicBoolean over,
            AtomicInteger calls,
            AtomicInteger failed) {
        for (int i = 0; !over.get(); i++) {
            try (PluginLease hub = loader.lease(HUB);
                    PluginLease other =
                            loader.lease(PluginId.parse("a/p" + (1 + i % (count - 1))))) {
                hub.service(Runnable.class).orElseThrow().run();
                calls.addAndGet(other.coordinate() == null ? 0 : 1);
            } catch (InterruptedException | RuntimeException trouble) {
                failed.incrementAndGet();
            }
        }
    }

    private static long metaspace(PluginLoader loader) throws InterruptedException {
        loader.unloaded(Duration.ofSeconds(10));
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Metaspace"))
                .mapToLong((MemoryPoolMXBean pool) -> pool.getUsage().getUsed())
                .sum();
    }

    private static void print(String what, List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        System.out.printf(
                "%-7s p50 %.1f ms, p99 %.1f ms, max %.1f ms (the %dth); first %.1f ms%n",
                what,
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() * 99 / 100),
                sorted.getLast(),
                1 + values.indexOf(sorted.getLast()),
                values.getFirst());
    }
}
