package dev.modunest.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.format.resolve.Plan;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.loader.testing.FakeRegistry;
import dev.modunest.loader.testing.FakeRegistry.Fault;
import dev.modunest.loader.testing.Recorder;
import dev.modunest.loader.testing.TestOptions;
import dev.modunest.loader.testing.TestPlugin;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

class PluginLoaderIT {

    @TempDir private Path cache;
    private FakeRegistry registry;

    @BeforeEach
    void open() throws IOException {
        Recorder.reset();
        registry = new FakeRegistry();
    }

    @AfterEach
    void close() {
        Recorder.unstick();
        registry.close();
    }

    private LoaderOptionsBuilder options() {
        return TestOptions.in(cache, registry);
    }

    private static List<Requirement> wanting(String... texts) {
        return Stream.of(texts).map(Requirement::parse).toList();
    }

    private static Outcome outcome(LoadReport report, String plugin) {
        return report.plugins().stream()
                .filter(one -> one.coordinate().plugin().equals(PluginId.parse(plugin)))
                .findFirst()
                .orElseThrow()
                .outcome();
    }

    private static Outcome.Failed failed(LoadReport report, String plugin) {
        Outcome outcome = outcome(report, plugin);
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        return (Outcome.Failed) outcome;
    }

    @Test
    void startsDependenciesFirstAndStopsThemLast() throws Exception {
        registry.add(
                TestPlugin.recording("a/top@1.0.0").requires("a/middle", "^1"),
                TestPlugin.recording("a/middle@1.1.0").requires("a/base", "*"),
                TestPlugin.recording("a/base@3.0.0"));
        List<PluginReport> told = new CopyOnWriteArrayList<>();
        try (PluginLoader loader = PluginLoader.open(options().onOutcome(told::add).build())) {
            LoadReport report = loader.load(wanting("a/top"));
            assertThat(report.complete()).isTrue();
            assertThat(report.fetchedBytes()).isPositive();
            assertThat(report.wall()).isPositive();
            assertThat(told).containsExactlyInAnyOrderElementsOf(report.plugins());
            assertThat(loader.plugins())
                    .extracting(plugin -> plugin.coordinate().toString())
                    .containsExactly("a/base@3.0.0", "a/middle@1.1.0", "a/top@1.0.0");
        }
        assertThat(Recorder.events())
                .containsExactly(
                        "start base",
                        "start middle",
                        "start top",
                        "stop top",
                        "stop middle",
                        "stop base");
    }

    @Test
    void resolvesFromTheIndexByItself() throws Exception {
        registry.add(
                TestPlugin.recording("a/top@1.0.0").requires("a/base", "^1"),
                TestPlugin.recording("a/base@1.0.0"),
                TestPlugin.recording("a/base@2.0.0"));
        LoaderOptions local = options().resolution(LoaderOptions.Resolution.LOCAL_INDEX).build();
        try (PluginLoader loader = PluginLoader.open(local)) {
            assertThat(loader.load(wanting("a/top")).complete()).isTrue();
            assertThat(loader.plugin(PluginId.parse("a/base")).orElseThrow().coordinate())
                    .hasToString("a/base@1.0.0");
            assertThatThrownBy(() -> loader.load(wanting("a/none")))
                    .isInstanceOfSatisfying(
                            LoaderException.class,
                            fault -> {
                                assertThat(fault.code()).isEqualTo("resolution-conflict");
                                assertThat(fault.details()).isNotEmpty();
                            });
        }
        assertThat(registry.requests()).noneMatch(line -> line.contains("resolve"));
    }

    @Test
    void explainsAConflictOfTheRegistry() throws Exception {
        registry.add(TestPlugin.recording("a/x@1.0.0").requires("a/absent", "^1"));
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            assertThatThrownBy(() -> loader.load(wanting("a/x")))
                    .isInstanceOfSatisfying(
                            LoaderException.class,
                            fault -> assertThat(fault.code()).isEqualTo("resolution-conflict"))
                    .hasMessageContaining("a/absent");
        }
    }

    @Test
    void explainsARegistryThatIsNone() throws Exception {
        LoaderOptions twice = options().attempts(2).build();
        try (PluginLoader loader = PluginLoader.open(twice)) {
            String path = "/api/v1/resolve";
            registry.fail(path, new Fault.Body("<html>"), new Fault.Status(418));
            registry.fail(path, new Fault.Status(503), new Fault.Status(503));
            assertCode(loader, "registry-answer");
            assertCode(loader, "registry-answer");
            assertCode(loader, "registry-unreachable");
        }
        LoaderOptions none = TestOptions.in(cache).build();
        try (PluginLoader loader = PluginLoader.open(none)) {
            assertCode(loader, "no-registry");
        }
    }

    @Test
    void explainsAnIndexThatCannotBeRead() throws Exception {
        LoaderOptions local = options().resolution(LoaderOptions.Resolution.LOCAL_INDEX).build();
        try (PluginLoader loader = PluginLoader.open(local)) {
            registry.fail("/index/a/x", new Fault.Body("{"), new Fault.Status(400));
            assertCode(loader, "registry-answer");
            assertCode(loader, "registry-answer");
        }
    }

    private static void assertCode(PluginLoader loader, String code) {
        assertThatThrownBy(() -> loader.load(wanting("a/x")))
                .isInstanceOfSatisfying(
                        LoaderException.class, fault -> assertThat(fault.code()).isEqualTo(code));
    }

    @Test
    void aFailureTakesOnlyItsDependents() throws Exception {
        registry.add(
                TestPlugin.of("a/bad@1.0.0")
                        .starting(
                                """
                                try {
                                    throw new java.io.IOException("no disk");
                                } catch (java.io.IOException e) {
                                    throw new IllegalStateException("cannot open", e);
                                }
                                """),
                TestPlugin.recording("a/child@1.0.0").requires("a/bad", "*"),
                TestPlugin.recording("a/grandchild@1.0.0").requires("a/child", "*"),
                TestPlugin.recording("a/other@1.0.0"));
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            LoadReport report = loader.load(wanting("a/grandchild", "a/other"));
            assertThat(report.failures()).hasSize(3);
            Outcome.Failed bad = failed(report, "a/bad");
            assertThat(bad.stage()).isEqualTo(Outcome.Stage.START);
            assertThat(bad.code()).isEqualTo("start-failed");
            assertThat(bad.causes())
                    .satisfiesExactly(
                            outer -> assertThat(outer).contains("cannot open").contains("Entry"),
                            root -> assertThat(root).contains("IOException: no disk"));
            Outcome.Skipped skipped = (Outcome.Skipped) outcome(report, "a/grandchild");
            assertThat(skipped.chain())
                    .extracting(Object::toString)
                    .containsExactly("a/child@1.0.0", "a/bad@1.0.0");
            assertThat(skipped.failed()).hasToString("a/bad@1.0.0");
            assertThat(outcome(report, "a/other")).isInstanceOf(Outcome.Loaded.class);
            assertThat(loader.plugin(PluginId.parse("a/bad"))).isEmpty();
        }
        assertThat(Recorder.events()).containsExactly("start other", "stop other");
    }

    @Test
    void containsErrorsOfAPlugin() throws Exception {
        registry.add(
                TestPlugin.of("a/deep@1.0.0")
                        .source(
                                "p.deep.Loop",
                                "package p.deep; class Loop { static int go(int n) { return 1 +"
                                        + " go(n + 1); } }")
                        .starting("Loop.go(0);"),
                TestPlugin.of("a/memory@1.0.0").starting("throw new OutOfMemoryError(\"mine\");"),
                TestPlugin.of("a/missing@1.0.0").entryPoint("p.missing.None"),
                TestPlugin.of("a/wrong@1.0.0")
                        .source("p.wrong.Entry", "package p.wrong; public class Entry {}")
                        .entryPoint("p.wrong.Entry"),
                TestPlugin.of("a/init@1.0.0")
                        .source(
                                "p.init.Broken",
                                "package p.init; class Broken { static int x = 1 / Integer.parseInt(\"0\"); }")
                        .starting("Recorder.record(\"\" + Broken.x);"),
                TestPlugin.of("a/constructor@1.0.0")
                        .source(
                                "p.constructor.Entry",
                                """
                                package p.constructor;
                                public class Entry implements dev.modunest.loader.Plugin {
                                    public Entry() throws Exception { throw new Exception("ctor"); }
                                    public void start(dev.modunest.loader.PluginContext c) {}
                                }
                                """)
                        .entryPoint("p.constructor.Entry"),
                TestPlugin.recording("a/fine@1.0.0"));
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            LoadReport report =
                    loader.load(
                            wanting(
                                    "a/deep",
                                    "a/memory",
                                    "a/missing",
                                    "a/wrong",
                                    "a/init",
                                    "a/constructor",
                                    "a/fine"));
            assertThat(failed(report, "a/deep").reason()).contains("StackOverflowError");
            assertThat(failed(report, "a/memory").reason()).contains("OutOfMemoryError: mine");
            assertThat(failed(report, "a/missing").code()).isEqualTo("archive-refused");
            assertThat(failed(report, "a/wrong").reason()).contains("does not implement");
            assertThat(failed(report, "a/init").code()).isEqualTo("linkage-error");
            assertThat(failed(report, "a/init").reason()).contains("ArithmeticException");
            assertThat(failed(report, "a/constructor").reason()).contains("Exception: ctor");
            assertThat(outcome(report, "a/fine")).isInstanceOf(Outcome.Loaded.class);
        }
    }

    @Test
    void givesUpOnAPluginThatDoesNotStart() throws Exception {
        registry.add(
                TestPlugin.of("a/stuck@1.0.0")
                        .starting("Recorder.hang(); Recorder.record(\"start late\");"),
                TestPlugin.recording("a/child@1.0.0").requires("a/stuck", "*"),
                TestPlugin.recording("a/other@1.0.0"));
        LoaderOptions hasty = options().permits(1).startDeadline(Duration.ofMillis(300)).build();
        try (PluginLoader loader = PluginLoader.open(hasty)) {
            LoadReport report = loader.load(wanting("a/child", "a/other"));
            assertThat(failed(report, "a/stuck").code()).isEqualTo("deadline");
            assertThat(failed(report, "a/stuck").reason()).contains("300 ms");
            assertThat(outcome(report, "a/child")).isInstanceOf(Outcome.Skipped.class);
            assertThat(outcome(report, "a/other")).isInstanceOf(Outcome.Loaded.class);
            Recorder.await("interrupted");
            Recorder.unstick();
            Recorder.await("stop stuck");
        }
    }

    @Test
    void namesACycleBeforeAnythingStarts() throws Exception {
        TestPlugin one = TestPlugin.recording("a/one@1.0.0").requires("a/two", "*");
        TestPlugin two = TestPlugin.recording("a/two@1.0.0").requires("a/one", "*");
        registry.add(one, two);
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            Plan plan = new Plan(List.of(one.step(two), two.step(one)));
            assertThatThrownBy(() -> loader.load(plan))
                    .isInstanceOf(LoaderException.class)
                    .hasMessageContaining("a/one@1.0.0 -> a/two@1.0.0 -> a/one@1.0.0");
        }
        assertThat(registry.requests()).isEmpty();
        assertThat(Recorder.events()).isEmpty();
    }

    @Test
    void fetchesNothingTheSecondTime() throws Exception {
        registry.add(TestPlugin.recording("a/x@1.0.0"), TestPlugin.recording("a/y@1.0.0"));
        for (int i = 0; i < 2; i++) {
            try (PluginLoader loader = PluginLoader.open(options().build())) {
                LoadReport report = loader.load(wanting("a/x", "a/y"));
                assertThat(report.complete()).isTrue();
                assertThat(report.fetchedBytes() == 0).isEqualTo(i == 1);
            }
        }
        assertThat(registry.artifactRequests()).hasSize(2);
    }

    @Test
    void fetchesATamperedFileAgain() throws Exception {
        TestPlugin plugin = TestPlugin.recording("a/x@1.0.0");
        registry.add(plugin);
        Plan plan = new Plan(List.of(plugin.step()));
        String hex = plugin.digest().hex();
        Path file = cache.resolve("sha256").resolve(hex.substring(0, 2)).resolve(hex.substring(2));
        byte[] tampered = plugin.jar().clone();
        tampered[40] ^= 1;
        for (byte[] bad : new byte[][] {tampered, new byte[3]}) {
            Files.createDirectories(file.getParent());
            Files.write(file, bad);
            try (PluginLoader loader = PluginLoader.open(options().build())) {
                assertThat(loader.load(plan).complete()).isTrue();
            }
            assertThat(file).hasBinaryContent(plugin.jar());
        }
        assertThat(registry.artifactRequests()).hasSize(2);
    }

    @Test
    void reportsAnArtifactThatCannotBeHad() throws Exception {
        TestPlugin gone = TestPlugin.recording("a/gone@1.0.0");
        TestPlugin garbled = TestPlugin.recording("a/garbled@1.0.0");
        registry.add(gone, garbled);
        registry.fail(gone, new Fault.Status(404));
        registry.fail(garbled, new Fault.Garbled());
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            LoadReport report = loader.load(wanting("a/gone", "a/garbled"));
            assertThat(failed(report, "a/gone").code()).isEqualTo("artifact-missing");
            assertThat(failed(report, "a/gone").stage()).isEqualTo(Outcome.Stage.FETCH);
            assertThat(failed(report, "a/garbled").code()).isEqualTo("digest-mismatch");
        }
    }

    @Test
    void refusesArtifactsThatAreNotWhatThePlanSays() throws Exception {
        TestPlugin base = TestPlugin.recording("a/base@1.0.0");
        TestPlugin next = TestPlugin.recording("a/next@1.0.0").requires("a/base", "^2");
        TestPlugin alone = TestPlugin.recording("a/alone@1.0.0").requires("a/base", "^1");
        TestPlugin extra = TestPlugin.recording("a/extra@1.0.0");
        TestPlugin old = TestPlugin.recording("a/old@1.0.0").host("<1");
        TestPlugin jar = TestPlugin.of("a/jar@1.0.0");
        TestPlugin liar = TestPlugin.recording("a/liar@1.0.0");
        registry.add(base, next, alone, extra, old, jar, liar);
        Plan.Step truth = liar.step();
        Plan.Step lie =
                new Plan.Step(
                        dev.modunest.format.Coordinate.parse("a/liar@2.0.0"),
                        truth.digest(),
                        truth.size(),
                        truth.url(),
                        List.of());
        Plan plan =
                new Plan(
                        List.of(
                                base.step(),
                                next.step(base),
                                alone.step(),
                                extra.step(base),
                                old.step(),
                                jar.step(),
                                lie));
        LoaderOptions versioned = options().hostVersion(Version.parse("1.0.0")).build();
        try (PluginLoader loader = PluginLoader.open(versioned)) {
            LoadReport report = loader.load(plan);
            assertThat(failed(report, "a/next").code()).isEqualTo("requires-mismatch");
            assertThat(failed(report, "a/alone").reason()).contains("which the plan lacks");
            assertThat(failed(report, "a/extra").reason()).contains("does not require");
            assertThat(failed(report, "a/old").code()).isEqualTo("host-mismatch");
            assertThat(failed(report, "a/liar").code()).isEqualTo("coordinate-mismatch");
            assertThat(outcome(report, "a/jar")).isInstanceOf(Outcome.Loaded.class);
        }
    }

    @Test
    void wiresAnOptionalDependencyOnlyWhenItIsThere() throws Exception {
        String start =
                "Recorder.record(\"found \" + context.findService(String.class).isPresent());";
        TestPlugin user =
                TestPlugin.of("a/user@1.0.0").requires("a/extra", "^1", true).starting(start);
        TestPlugin extra =
                TestPlugin.of("a/extra@1.0.0")
                        .starting("context.provide(String.class, \"extra\");");
        registry.add(user, extra);
        for (Plan plan :
                List.of(
                        new Plan(List.of(user.step())),
                        new Plan(List.of(extra.step(), user.step(extra))))) {
            try (PluginLoader loader = PluginLoader.open(options().build())) {
                assertThat(loader.load(plan).complete()).isTrue();
            }
        }
        assertThat(Recorder.events("found ")).containsExactly("false", "true");
    }

    @Test
    void givesServicesToDependentsAndToTheHost() throws Exception {
        registry.add(
                TestPlugin.of("a/base@1.0.0")
                        .starting(
                                """
                                context.provide(Runnable.class, () -> Recorder.record("ran"));
                                try {
                                    context.provide(Runnable.class, () -> {});
                                } catch (IllegalStateException twice) {
                                    Recorder.record(twice.getMessage());
                                }
                                """),
                TestPlugin.of("a/user@1.0.0")
                        .requires("a/base", "*")
                        .starting(
                                "context.service(Runnable.class).run();"
                                        + " Recorder.record(context.coordinate().toString());"),
                TestPlugin.of("a/poor@1.0.0")
                        .requires("a/base", "*")
                        .starting("context.service(java.util.function.Function.class);"));
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            LoadReport report = loader.load(wanting("a/user", "a/poor"));
            assertThat(failed(report, "a/poor").reason())
                    .contains("none of the plugins that a/poor@1.0.0 requires")
                    .contains("java.util.function.Function")
                    .contains("[a/base@1.0.0]");
            LoadedPlugin base = loader.plugin(PluginId.parse("a/base")).orElseThrow();
            assertThat(base.service(Runnable.class)).isPresent();
            assertThat(base.service(String.class)).isEmpty();
            assertThat(base.manifest().coordinate()).isEqualTo(base.coordinate());
        }
        assertThat(Recorder.events())
                .contains("ran", "a/user@1.0.0")
                .contains("it already offers a service of java.lang.Runnable");
    }

    @Test
    void addsToWhatRuns() throws Exception {
        TestPlugin base = TestPlugin.recording("a/base@1.0.0");
        TestPlugin user = TestPlugin.recording("a/user@1.0.0").requires("a/base", "*");
        registry.add(base, user);
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            assertThat(loader.load(wanting("a/base")).complete()).isTrue();
            registry.add(TestPlugin.recording("a/base@2.0.0"));
            LoadReport second = loader.load(wanting("a/user"));
            assertThat(second.complete()).isTrue();
            assertThat(Recorder.events("start ")).containsExactly("base", "user");
            TestPlugin newer = TestPlugin.recording("a/base@3.0.0");
            TestPlugin late = TestPlugin.recording("a/late@1.0.0").requires("a/base", "3");
            registry.add(newer, late);
            LoadReport third = loader.load(new Plan(List.of(newer.step(), late.step(newer))));
            assertThat(failed(third, "a/base").code()).isEqualTo("other-release-running");
            assertThat(outcome(third, "a/late")).isInstanceOf(Outcome.Skipped.class);
            assertThat(loader.load(new Plan(List.of(user.step(base)))).complete()).isTrue();
        }
    }

    @Test
    void takesAPluginInterfaceOfTheHost() throws Exception {
        registry.add(
                TestPlugin.of("a/x@1.0.0")
                        .source(
                                "p.x.Job",
                                """
                                package p.x;
                                public class Job implements Runnable {
                                    public void run() {
                                        dev.modunest.loader.testing.Recorder.record("job");
                                    }
                                }
                                """)
                        .entryPoint("p.x.Job"));
        LoaderOptions adapting =
                options()
                        .entryPointAdapter(
                                type -> {
                                    Runnable job = (Runnable) EntryPointAdapter.construct(type);
                                    return _ -> job.run();
                                })
                        .build();
        try (PluginLoader loader = PluginLoader.open(adapting)) {
            assertThat(loader.load(wanting("a/x")).complete()).isTrue();
        }
        assertThat(Recorder.events()).containsExactly("job");
    }

    @Test
    void closingCancelsALoadAndUndoesIt() throws Exception {
        registry.add(
                TestPlugin.recording("a/first@1.0.0"),
                TestPlugin.of("a/slow@1.0.0")
                        .requires("a/first", "*")
                        .starting("Recorder.record(\"slow is on\"); Recorder.hang();"));
        PluginLoader loader = PluginLoader.open(options().build());
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                loader.load(wanting("a/slow"));
                            } catch (InterruptedException | RuntimeException stopped) {
                                ended.complete(stopped);
                            }
                        });
        Recorder.await("slow is on");
        loader.close();
        assertThat(ended.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThat(Recorder.events()).contains("start first", "stop first");
        assertThat(loader.plugins()).isEmpty();
        assertThatThrownBy(() -> loader.load(wanting("a/first")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        loader.close();
    }

    @Test
    void stopsTheRestWhenOneCannotStop() throws Exception {
        registry.add(
                TestPlugin.recording("a/base@1.0.0"),
                stopping("a/throws@1.0.0", "throw new IllegalStateException();"),
                stopping("a/hangs@1.0.0", "dev.modunest.loader.testing.Recorder.hang();"));
        LoaderOptions hasty = options().stopDeadline(Duration.ofMillis(200)).build();
        try (PluginLoader loader = PluginLoader.open(hasty)) {
            assertThat(loader.load(wanting("a/throws", "a/hangs")).complete()).isTrue();
        }
        assertThat(Recorder.events()).contains("stop base");
    }

    private static TestPlugin stopping(String coordinate, String statement) {
        String name = coordinate.substring(2, coordinate.indexOf('@')) + "er";
        return TestPlugin.of(coordinate)
                .requires("a/base", "*")
                .source(
                        "p." + name + ".Entry",
                        """
                        package p.%s;
                        public class Entry implements dev.modunest.loader.Plugin {
                            public void start(dev.modunest.loader.PluginContext context) {}
                            public void stop() { %s }
                        }
                        """
                                .formatted(name, statement))
                .entryPoint("p." + name + ".Entry");
    }

    @Test
    void namesACacheThatCannotBeUsed() throws Exception {
        TestPlugin plugin = TestPlugin.recording("a/x@1.0.0");
        Path file = Files.createFile(cache.resolve("file"));
        LoaderOptions unusable = TestOptions.in(file, registry).build();
        try (PluginLoader loader = PluginLoader.open(unusable)) {
            assertThatThrownBy(() -> loader.load(new Plan(List.of(plugin.step()))))
                    .isInstanceOfSatisfying(
                            LoaderException.class,
                            fault -> assertThat(fault.code()).isEqualTo("cache-unusable"));
        }
    }
}
