package dev.modunest.loader;

import dev.modunest.format.ArchiveLimits;
import dev.modunest.format.Inspection;
import dev.modunest.format.Manifest;
import dev.modunest.format.PluginArchive;
import dev.modunest.format.resolve.Plan;
import dev.modunest.format.trust.json.Octets;
import dev.modunest.loader.fetch.Evidence;
import dev.modunest.loader.fetch.HttpTransport;
import dev.modunest.loader.testing.TestPlugin;
import dev.modunest.loader.testing.TrustedRegistry;
import dev.modunest.loader.trust.ReleaseTrust;
import dev.modunest.loader.trust.Trust;

import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What trust costs: CPU of one verification with everything warm, and loads of many plugins without
 * and with it, from a registry in this process. Fails when one verification in a hundred takes 5 ms
 * or more. After {@code mvn package}, from the root: {@code java -cp
 * "loader-engine/target/classes:loader-engine/target/test-classes:plugin-format/target/classes:plugin-format/target/test-classes:JARS"
 * loader-engine/src/jmh/java/dev/modunest/loader/TrustBenchmark.java [plugins] [rounds]} with
 * Jackson, Bouncy Castle and AssertJ for JARS.
 */
final class TrustBenchmark {

    private TrustBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 500;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 6;
        Path folder = Files.createTempDirectory("trust");
        try (TrustedRegistry registry = new TrustedRegistry()) {
            List<TestPlugin> plugins = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                TestPlugin plugin = TestPlugin.of("acme/p" + i + "@1.0.0");
                registry.publish(plugin);
                plugins.add(plugin);
            }
            Plan plan = new Plan(plugins.stream().map(plugin -> plugin.step()).toList());
            TrustOptions strict = registry.trust(folder).build();
            load(registry, folder.resolve("warmup"), TrustOptions.unverified(), plan, "warm-up");
            load(
                    registry,
                    folder.resolve("a"),
                    TrustOptions.unverified(),
                    plan,
                    "unverified, cold");
            load(
                    registry,
                    folder.resolve("a"),
                    TrustOptions.unverified(),
                    plan,
                    "unverified, kept");
            load(registry, folder.resolve("b"), strict, plan, "strict, cold");
            load(registry, folder.resolve("b"), strict, plan, "strict, kept");
            load(registry, folder.resolve("b"), strict, plan, "strict, kept, again");
            long p99 = verifications(registry, strict, plugins, rounds);
            System.exit(p99 < 5_000_000 ? 0 : 1);
        }
    }

    private static void load(
            TrustedRegistry registry, Path folder, TrustOptions trust, Plan plan, String what)
            throws Exception {
        try (PluginLoader loader = PluginLoader.open(registry.host(folder, trust).build())) {
            LoadReport report = loader.load(plan);
            if (!report.complete()) {
                throw new IllegalStateException(report.failures().getFirst().toString());
            }
            System.out.printf("%-20s %6d ms%n", what, report.wall().toMillis());
        }
    }

    private static Octets evidence(TrustedRegistry registry, TestPlugin plugin, String suffix) {
        return Octets.of(registry.files().get(TrustedRegistry.path(plugin.coordinate()) + suffix));
    }

    private static long verifications(
            TrustedRegistry registry, TrustOptions options, List<TestPlugin> plugins, int rounds)
            throws Exception {
        LoaderOptions.FetchOptions fetch =
                new LoaderOptions.FetchOptions(
                        Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5), 1, 1);
        var threads = ManagementFactory.getThreadMXBean();
        long[] nanos = new long[plugins.size()];
        try (HttpTransport transport = new HttpTransport(fetch, Thread::sleep)) {
            Trust trust = new Trust(options, transport);
            for (int round = 0; round < rounds; round++) {
                ReleaseTrust known = trust.refresh(Optional.of(registry.uri()));
                for (int i = 0; i < plugins.size(); i++) {
                    TestPlugin plugin = plugins.get(i);
                    Evidence evidence =
                            new Evidence(
                                    Optional.of(evidence(registry, plugin, ".sigstore.json")),
                                    Optional.of(evidence(registry, plugin, ".vsa.sigstore.json")),
                                    Optional.of(evidence(registry, plugin, ".tlog-proof")),
                                    Optional.empty(),
                                    Optional.empty(),
                                    false,
                                    Optional.empty());
                    Manifest manifest = manifest(plugin);
                    known.takenDown(plugin.coordinate(), plugin.digest()); // reads its index
                    long begin = threads.getCurrentThreadCpuTime();
                    ReleaseTrust.ReleaseCheck check =
                            known.check(plugin.coordinate(), plugin.digest());
                    check.screen();
                    check.decide(manifest, evidence);
                    nanos[i] = threads.getCurrentThreadCpuTime() - begin;
                }
            }
        }
        Arrays.sort(nanos);
        long p99 = nanos[nanos.length * 99 / 100];
        System.out.printf(
                "verification, CPU: p50 %.2f ms, p99 %.2f ms, all %d together %.0f ms%n",
                nanos[nanos.length / 2] / 1e6,
                p99 / 1e6,
                nanos.length,
                Arrays.stream(nanos).sum() / 1e6);
        return p99;
    }

    private static Manifest manifest(TestPlugin plugin) throws Exception {
        return switch (PluginArchive.inspect(
                new ByteArrayInputStream(plugin.jar()), ArchiveLimits.DEFAULT)) {
            case Inspection.Accepted accepted -> accepted.manifest();
            case Inspection.Refused refused -> throw new IllegalStateException(refused.toString());
        };
    }
}
