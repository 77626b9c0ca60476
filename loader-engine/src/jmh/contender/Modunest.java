import anchor.api.AnchorPlugin;
import anchor.api.Work;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.resolve.Lock;
import dev.modunest.format.resolve.LockJson;
import dev.modunest.format.resolve.Plan;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.format.resolve.ResolveRequest;
import dev.modunest.loader.EntryPointAdapter;
import dev.modunest.loader.LoadReport;
import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.LoaderOptionsBuilder;
import dev.modunest.loader.Outcome;
import dev.modunest.loader.Plugin;
import dev.modunest.loader.PluginContext;
import dev.modunest.loader.PluginLoader;
import dev.modunest.loader.StageTimes;
import dev.modunest.loader.TrustOptions;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * The loader as a contender of the loader benchmark, with what a host has at its start: a lock and
 * a cache. {@code prepare SETS INSTALLED} makes both of each plugin set; {@code SET INSTALLED
 * [REGISTRY PERMITS]} loads the set, from the registry when one is named;
 * docs/operations/loader.md.
 */
public final class Modunest {

    private Modunest() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("prepare")) {
            try (Stream<Path> sets = Files.list(Path.of(arguments[1]))) {
                for (Path set : sets.toList()) {
                    Prepared.install(set, Path.of(arguments[2]).resolve(set.getFileName()));
                }
            }
            return;
        }
        int count = Integer.getInteger("anchor.n");
        double begin = Work.sinceT0();
        Path installed =
                Path.of(arguments[1]).resolve(Path.of(arguments[0]).getFileName()).toAbsolutePath();
        LoaderOptionsBuilder options =
                LoaderOptions.in(installed)
                        .trust(TrustOptions.unverified())
                        .hostPackages(Set.of("anchor.api"))
                        .hostClassLoader(Modunest.class.getClassLoader())
                        .entryPointAdapter(Modunest::adapt);
        if (arguments.length > 2) {
            Path fresh = Files.createTempDirectory("modunest-bench");
            Files.copy(
                    installed.resolve("modunest.lock.json"), fresh.resolve("modunest.lock.json"));
            installed = fresh;
            options.registry(URI.create(arguments[2])).permits(Integer.parseInt(arguments[3]));
        }
        PluginLoader loader = PluginLoader.open(options.build());
        double opened = Work.sinceT0();
        LoadReport report = loader.loadDirectory(installed);
        Work.report(
                "modunest",
                count,
                "failed=%d main_ms=%.1f open_ms=%.1f load_ms=%.1f"
                        .formatted(
                                report.failures().size(),
                                begin,
                                opened - begin,
                                Work.sinceT0() - opened));
        if (Boolean.getBoolean("anchor.stages")) {
            Stages.print(report);
        }
        if (Boolean.getBoolean("anchor.exit")) {
            System.exit(0);
        }
        Runtime.getRuntime().halt(0);
    }

    private static Plugin adapt(Class<?> entryPoint) throws Exception {
        AnchorPlugin plugin = (AnchorPlugin) EntryPointAdapter.construct(entryPoint);
        return new Plugin() {
            @Override
            public void start(PluginContext context) {
                plugin.start();
            }

            @Override
            public void stop() {
                plugin.stop();
            }
        };
    }

    /** What each stage took, of all plugins together. */
    private static final class Stages {

        static void print(LoadReport report) {
            report.failures().stream().limit(3).forEach(System.err::println);
            System.out.printf(
                    "STAGES fetch_ms=%d verify_ms=%d wait_ms=%d define_ms=%d start_ms=%d%n",
                    sum(report, times -> times.fetch().toMillis()),
                    sum(report, times -> times.verify().toMillis()),
                    sum(report, times -> times.waiting().toMillis()),
                    sum(report, times -> times.define().toMillis()),
                    sum(report, times -> times.start().toMillis()));
        }

        private static long sum(LoadReport report, ToLongFunction<StageTimes> of) {
            return report.plugins().stream()
                    .filter(plugin -> plugin.outcome() instanceof Outcome.Loaded)
                    .mapToLong(
                            plugin -> of.applyAsLong(((Outcome.Loaded) plugin.outcome()).times()))
                    .sum();
        }
    }

    /** What {@code install} would have left of a plugin set. */
    private static final class Prepared {

        static void install(Path set, Path folder) throws Exception {
            List<Index.Entry> entries = new ArrayList<>();
            Index.waves(Index.read(Files.readString(set.resolve("index.json"))))
                    .forEach(entries::addAll);
            Function<String, Coordinate> named = id -> Coordinate.parse("bench/" + id + "@1.0.0");
            List<Plan.Step> steps = new ArrayList<>();
            for (Index.Entry entry : entries) {
                Digest digest = Digest.parse("sha256:" + entry.sha256());
                Path jar = set.resolve(entry.file());
                Path kept =
                        folder.resolve("sha256")
                                .resolve(entry.sha256().substring(0, 2))
                                .resolve(entry.sha256().substring(2));
                Files.createDirectories(kept.getParent());
                Files.deleteIfExists(kept);
                Files.createLink(kept, jar);
                steps.add(
                        new Plan.Step(
                                named.apply(entry.id()),
                                digest,
                                Files.size(jar),
                                "/" + entry.file(),
                                entry.deps().stream().map(named).toList()));
            }
            List<Requirement> wanted =
                    entries.stream()
                            .limit(1_000) // what a lock takes; the plan has the rest
                            .map(entry -> Requirement.parse("bench/" + entry.id() + "@^1"))
                            .toList();
            Files.writeString(
                    folder.resolve("modunest.lock.json"),
                    LockJson.writeIndented(Lock.of(ResolveRequest.of(wanted), new Plan(steps))));
        }
    }
}
