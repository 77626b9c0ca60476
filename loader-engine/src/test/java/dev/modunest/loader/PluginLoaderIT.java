package dev.modunest.loader;

import static dev.modunest.loader.testing.Reports.failed;
import static dev.modunest.loader.testing.Reports.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.Plan;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.loader.testing.FakeRegistry;
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
}
